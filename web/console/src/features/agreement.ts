/**
 * What the features believe about the server, held against its own description: this file compiles only while every
 * field that a face reads is in the answer, with a fitting kind, and every body that is sent is one the server takes.
 * It holds no code. The faces' own types are narrower where the server says only "string" (states, kinds).
 */
import type { components } from '@/api/schema'
import type { Account, CallbackDay, Capability, Draft as AccountDraft, Feature, Finding, Proof, Quota, Report } from './account/api'
import type { Entry, Verdict } from './audit/api'
import type { Follower, Sync, Tag } from './citizen/api'
import type { Cards, Conversation, Line, Window } from './conversation/api'
import type { Area, Change, Edition, Field, SentFile, SentRow, Sheet, Submission, Usage } from './form/api'
import type { Diff, Frame, Problem as FlowProblem, Summary as FlowSummary, Version as FlowVersion, Words } from './flow/api'
import type { Queue } from './job/api'
import type { Around, Changeable, Choices, Clock, Colleague, Counts, Deed, Deputy, Detail, Impact, In, Matter, Notice, Party, Place, Recompute } from './matter/api'
import type { BeginForm, FieldChange, Fields, MatterFile, Revealed } from './matter/fields'
import type { Menu, Target, Version } from './menu/api'
import type { Outbound } from './notify/api'
import type { Grant, Held, Invitation, Permission, Role, Staff, StaffDraft, Unit } from './org/api'
import type { Choice, Drawn, Mine as MyPhone, Parcel, Phone } from './phone/api'
import type { Draft as RuleDraft, Rule, Step } from './reply/api'
import type { Device, Factor } from './session/api'
import type { Setting } from './setting/api'
import type { Today } from './workbench/api'
import type { Answer, Calendar, Overview, Preview, Version as CalendarVersion } from './worktime/api'
import type { Session } from '@/shell/session'

type S = components['schemas']

/** The kind of a value, with everything that only narrows it taken away. */
type Kind<T> = T extends string ? string : T extends number ? number : T extends boolean ? boolean : T extends null | undefined ? null : T extends (infer E)[] ? [Kind<E>] : object

/** The fields of Mine that the server does not give, or gives as another kind. */
type Wrong<Mine, Server> = { [K in keyof Mine]-?: K extends keyof Server ? (Kind<NonNullable<Mine[K]>> extends Kind<NonNullable<Server[K]>> ? never : K) : K }[keyof Mine]
type Reads<Mine, Server> = [Wrong<Mine, Server>] extends [never] ? true : Wrong<Mine, Server>

/** What is sent must have no field that the server does not know (it refuses those), and every one that it asks for. */
type Unknown<Mine, Server> = Exclude<keyof Mine, keyof Server>
type Missing<Mine, Server> = { [K in keyof Server]-?: undefined extends Server[K] ? never : K extends keyof Mine ? never : K }[keyof Server]
type Sends<Mine, Server> = [Unknown<Mine, Server> | Missing<Mine, Server>] extends [never] ? true : Unknown<Mine, Server> | Missing<Mine, Server>

type All<T extends Record<string, true>> = T

export type Answers = All<{
  account: Reads<Account, S['AccountView']>
  report: Reads<Report, S['AccountCheckOut']>
  finding: Reads<Finding, S['AccountFinding']>
  health: Reads<Finding, S['PartFinding']>
  capability: Reads<Capability, S['AccountCapabilityView']>
  feature: Reads<Feature, S['AccountFeatureView']>
  quota: Reads<Quota, S['AccountQuotaView']>
  callbacks: Reads<CallbackDay, S['AccountCallbacksView']>
  proof: Reads<Proof, S['AccountProofView']>
  entry: Reads<Entry, S['AuditEntry']>
  verdict: Reads<Verdict, S['AuditVerdict']>
  follower: Reads<Follower, S['CitizenFollowerView']>
  tag: Reads<Tag, S['CitizenTagView']>
  sync: Reads<Sync, S['CitizenSyncView']>
  conversation: Reads<Conversation, S['ConversationView']>
  line: Reads<Line, S['ConversationLineView']>
  window: Reads<Window, S['ConversationWindowOut']>
  cards: Reads<Cards, S['ConversationCardsOut']>
  today: Reads<Today, S['ConversationTodayOut']>
  form: Reads<Sheet, S['FormView']>
  formField: Reads<Field, S['FormField']>
  formChange: Reads<Change, S['FormChange']>
  formEdition: Reads<Edition, S['FormEditionView']>
  formUsage: Reads<Usage, S['FormUsageOut']>
  formSent: Reads<SentRow, S['FormSentRow']>
  formSubmission: Reads<Submission, S['FormSubmissionView']>
  formFile: Reads<SentFile, S['FormFileView']>
  area: Reads<Area, S['FormArea']>
  flow: Reads<FlowSummary, S['FlowSummary']>
  flowProblem: Reads<FlowProblem, S['FlowProblem']>
  flowVersion: Reads<FlowVersion, S['FlowVersionView']>
  flowDiff: Reads<Diff, S['FlowDiffOut']>
  flowWords: Reads<Words, S['FlowWordsOut']>
  flowFrame: Reads<Frame, S['FlowFrame']>
  matter: Reads<Matter, S['MatterView']>
  matterDetail: Reads<Detail, S['MatterDetailOut']>
  matterClock: Reads<Clock, S['MatterClockView']>
  matterAround: Reads<Around, S['MatterAroundView']>
  taskChoices: Reads<Choices, S['MatterChoicesOut']>
  notice: Reads<Notice, S['MatterNoticeView']>
  deputy: Reads<Deputy, S['MatterDeputyView']>
  impact: Reads<Impact, S['MatterPreviewOut']>
  changeable: Reads<Changeable, S['MatterChangeableView']>
  recompute: Reads<Recompute, S['MatterRecomputeView']>
  matterParty: Reads<Party, S['MatterPartyView']>
  deed: Reads<Deed, S['MatterDeedView']>
  matterFields: Reads<Fields, S['MatterFieldsView']>
  matterFile: Reads<MatterFile, S['MatterFileView']>
  fieldChange: Reads<FieldChange, S['MatterChangeView']>
  beginForm: Reads<BeginForm, S['MatterBeginFormOut']>
  revealed: Reads<Revealed, S['MatterRevealOut']>
  taskCounts: Reads<Counts, S['MatterCountsOut']>
  colleague: Reads<Colleague, S['MatterColleagueView']>
  matterUnit: Reads<Place, S['MatterPlaceView']>
  queue: Reads<Queue, S['AppQueueView']>
  menu: Reads<Menu, S['MenuView']>
  version: Reads<Version, S['MenuVersionView']>
  target: Reads<Target, S['PartTarget']>
  outbound: Reads<Outbound, S['NotifyView']>
  unit: Reads<Unit, S['OrgUnitView']>
  staff: Reads<Staff, S['OrgStaffView']>
  role: Reads<Role, S['OrgRoleView']>
  permission: Reads<Permission, S['OrgPermissionView']>
  held: Reads<Held, S['OrgHeldView']>
  invitation: Reads<Invitation, S['OrgInvitation']>
  phone: Reads<Phone, S['ReminderPhoneView']>
  myPhone: Reads<MyPhone, S['ReminderMineOut']>
  phoneChoice: Reads<Choice, S['ReminderChoiceView']>
  drawn: Reads<Drawn, S['ReminderDrawnOut']>
  parcel: Reads<Parcel, S['ReminderParcelView']>
  rule: Reads<Rule, S['ReplyRuleView']>
  step: Reads<Step, S['ReplyTryStep']>
  device: Reads<Device, S['OrgDevice']>
  factor: Reads<Factor, S['OrgFactorOut']>
  session: Reads<Session, S['OrgSessionOut']>
  setting: Reads<Setting, S['SettingView']>
  worktime: Reads<Overview, S['WorktimeOverviewOut']>
  calendar: Reads<Calendar, S['WorktimeCalendarView']>
  calendarPreview: Reads<Preview, S['WorktimePreviewOut']>
  calendarVersion: Reads<CalendarVersion, S['WorktimeVersionView']>
  due: Reads<Answer, S['WorktimeAnswer']>
}>

export type Bodies = All<{
  act: Sends<In, S['MatterIn']>
  account: Sends<AccountDraft, S['AccountsRegisterInBody']>
  accountChange: Sends<Partial<AccountDraft> & { version: number }, S['AccountChanges']>
  rule: Sends<RuleDraft, S['RepliesCreateInBody']>
  ruleChange: Sends<Omit<RuleDraft, 'account_id'> & { version: number }, S['RepliesChangeInBody']>
  staff: Sends<StaffDraft, S['StaffCreateStaffInBody']>
  staffChange: Sends<Partial<Omit<StaffDraft, 'login'>> & { version: number }, S['StaffChangeStaffInBody']>
  phoneChoice: Sends<Choice, S['ReminderChoiceView']>
  grant: Sends<Grant, S['OrgGrantIn']>
}>
