import { OfficeBuilding } from '@element-plus/icons-vue'
import type { Feature } from '@/shell/feature'

const read = ['staff.read', 'staff.edit', 'unit.read', 'unit.edit', 'staff.grant', 'role.edit']

export const org: Feature = {
  name: 'org',
  doors: [{ group: '系统', title: '机构与人员', to: '/org', any: read, icon: OfficeBuilding }],
  routes: [
    { path: '/org', name: 'org', component: () => import('./Org.vue'), meta: { title: '机构与人员', any: read } },
    { path: '/org/role', name: 'org-role', component: () => import('./Roles.vue'), meta: { title: '岗位', any: read } },
  ],
}
