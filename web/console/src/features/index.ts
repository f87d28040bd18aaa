import type { Feature } from '@/shell/feature'
import { account } from './account/routes'
import { audit } from './audit/routes'
import { citizen } from './citizen/routes'
import { conversation } from './conversation/routes'
import { flow } from './flow/routes'
import { form } from './form/routes'
import { job } from './job/routes'
import { menu } from './menu/routes'
import { notify } from './notify/routes'
import { org } from './org/routes'
import { reply } from './reply/routes'
import { session } from './session/routes'
import { setting } from './setting/routes'
import { workbench } from './workbench/routes'
import { worktime } from './worktime/routes'

/** Every feature, in the order of the navigation. Adding one is its folder and a line here. */
export const features: Feature[] = [workbench, conversation, reply, menu, form, flow, citizen, account, org, worktime, audit, job, setting, notify, session]
