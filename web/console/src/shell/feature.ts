import type { Component } from 'vue'
import type { RouteRecordRaw } from 'vue-router'

/** A door of the navigation. It shows to whoever holds one of the permissions (none named: everybody). */
export interface Door {
  group: '' | '应答' | '系统'
  title: string
  to: string
  any: string[]
  icon: Component
  /** The name in /console/api/counts whose number stands beside the title. */
  count?: string
}

/** What one folder of features adds to the console, as a part adds to the house. */
export interface Feature {
  name: string
  doors: Door[]
  routes: RouteRecordRaw[]
  /** The live topics that its pages listen to, each with the permission that hearing it needs. */
  topics?: { name: string; permission: string }[]
}

declare module 'vue-router' {
  interface RouteMeta {
    /** Title of the browser's tab and of the palette. */
    title?: string
    /** One of these permissions is needed; none: any logged-in person. */
    any?: string[]
    /** Reached without logging in. */
    open?: boolean
    /** The page fills the window below the top bar and scrolls in itself. */
    full?: boolean
    /** The page is about one account; the switcher offers no 全部. */
    oneAccount?: boolean
  }
}
