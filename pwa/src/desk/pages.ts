// Every page of the desk on one screen: its address, its name, who has it, its code that comes when it is opened.
import { defineAsyncComponent, type Component } from 'vue'
import type { DeskIconName } from './parts/icons'
import NotLoaded from './shell/NotLoaded.vue'
import PageGhost from './shell/PageGhost.vue'
import type { Role } from './shell/session'

export interface DeskPage {
  /** `#/path`; the words `page.path` name it */
  path: string
  roles: Role[]
  screen: Component
  /** stands in the rail, under this icon, and opens by Ctrl and its number there */
  rail?: { icon: DeskIconName }
  /** stays as it was left while other pages are open */
  keeps?: boolean
}

const GHOST_AFTER_MS = 120
const DISPATCHERS: Role[] = ['supervisor', 'unit_operator']
const READERS: Role[] = [...DISPATCHERS, 'leader']
const WATCHERS: Role[] = ['supervisor', 'admin']
const KEEPERS: Role[] = [...DISPATCHERS, 'admin']

export const PAGES: DeskPage[] = [
  { path: 'queue', roles: DISPATCHERS, rail: { icon: 'review' }, screen: page(() => import('./review/QueuePage.vue')) },
  { path: 'today', roles: ['leader'], rail: { icon: 'clock' }, screen: page(() => import('./today/TodayPage.vue')) },
  { path: 'board', roles: READERS, rail: { icon: 'board' }, screen: page(() => import('./board/BoardPage.vue')) },
  { path: 'figures', roles: READERS, rail: { icon: 'figures' }, screen: page(() => import('./figures/FiguresPage.vue')) },
  { path: 'bulletins', roles: ['supervisor', 'leader'], rail: { icon: 'bulletin' }, screen: page(() => import('./bulletins/BulletinsPage.vue')) },
  { path: 'deliveries', roles: WATCHERS, rail: { icon: 'bell' }, screen: page(() => import('./bell/DeliveriesPage.vue')) },
  { path: 'suggestions', roles: ['admin'], rail: { icon: 'letter' }, screen: page(() => import('./suggestions/SuggestionsPage.vue')) },
  { path: 'roster', roles: KEEPERS, rail: { icon: 'me' }, screen: page(() => import('./roster/RosterPage.vue')) },
  { path: 'calls', roles: READERS, rail: { icon: 'phone' }, screen: page(() => import('./bell/CallsPage.vue')) },
  { path: 'case', roles: READERS, screen: page(() => import('./case/CasePage.vue')) },
]

/** The pages of this role; the first is where he begins. */
export function pagesOf(role: Role): DeskPage[] {
  return PAGES.filter((page) => page.roles.includes(role))
}

function page(load: () => Promise<{ default: Component }>): Component {
  return defineAsyncComponent({ loader: load, loadingComponent: PageGhost, errorComponent: NotLoaded, delay: GHOST_AFTER_MS })
}
