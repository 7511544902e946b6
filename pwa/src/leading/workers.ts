// A crew leader's people: who is on duty, where, how much each has in hand, who is away, what their phones last said.
import { askAs } from '../api/renewing'
import type { components } from '../api/schema'
import type { Case } from '../api/types'
import type { Answer } from '../api/asking'
import { positionOf } from '../cases/showing'
import type { Identity } from '../local/identities'
import { remember, setting } from '../local/settings'
import { distanceM } from '../place/distance'

type Schemas = components['schemas']

export interface WorkerPhone {
  id: string
  name: string
  unsent: number
  /** when it last spoke; null: never since it was paired */
  seen_at: string | null
  /** what of its self-check was bad */
  bad: string[]
}

export interface Worker {
  id: string
  name: string
  unit_id: string
  role: string
  phone: string | null
  on_duty: boolean
  /** grids or streets of his duties now; '*' is everywhere */
  grids: string[]
  away: { absence_id: string; until: string; stand_in: string | null } | null
  phones: WorkerPhone[]
}

export interface SharedPost {
  id: string
  name: string
  phones: WorkerPhone[]
}

/** Everything a leader reads about his people, as last heard. */
export interface Crew {
  workers: Worker[]
  posts: SharedPost[]
  /** ms */
  heard_at: number
}

declare module '../local/settings' {
  interface Settings {
    crew: Crew
  }
}

const WORKING_ROLES = ['handler', 'crew_leader']
const IN_HAND = ['assigned', 'in_progress']

export function knownCrew(): Promise<Crew | undefined> {
  return setting('crew')
}

/** Asks who is there; without a network what is known stays. */
export async function refreshCrew(who: Identity, unit_id: string, now = Date.now()): Promise<Crew | undefined> {
  const since = encodeURIComponent(new Date(now).toISOString())
  const [people, on_duty, absences, devices, posts] = await Promise.all([
    askAs<Schemas['PersonList']>(who, '/api/people'),
    askAs<Schemas['OnDutyList']>(who, `/api/on_duty?unit_id=${unit_id}`),
    askAs<Schemas['AbsenceList']>(who, `/api/absences?since=${since}`),
    askAs<Schemas['DeviceList']>(who, '/api/devices'),
    askAs<Schemas['PostList']>(who, '/api/posts'),
  ])
  const heard = [people, on_duty, absences, devices, posts] as Answer<unknown>[]
  if (heard.some((answer) => answer.kind !== 'ok')) return knownCrew()
  const crew = crewFrom(itemsOf(people), itemsOf(on_duty), itemsOf(absences), itemsOf(devices), itemsOf(posts), now)
  await remember('crew', crew)
  return crew
}

export function crewFrom(
  people: Schemas['PersonView'][],
  on_duty: Schemas['OnDutyView'][],
  absences: Schemas['AbsenceView'][],
  devices: Schemas['DeviceView'][],
  posts: Schemas['PostView'][],
  now: number,
): Crew {
  const active = devices.filter(({ state }) => state === 'active')
  const workers = people
    .filter((one) => one.active && WORKING_ROLES.includes(one.role))
    .map(({ id, name, unit, role, phone }) => {
      const duties = on_duty.filter((duty) => duty.person.id === id)
      const absence = absences.find((one) => one.person.id === id && Date.parse(one.from_at) <= now && now < Date.parse(one.until_at))
      return {
        id, name, unit_id: unit.id, role, phone,
        on_duty: duties.length > 0,
        grids: [...new Set(duties.flatMap((duty) => duty.grids))],
        away: absence ? { absence_id: absence.id, until: absence.until_at, stand_in: absence.stand_in?.name ?? null } : null,
        phones: active.filter((device) => device.person?.id === id).map(phoneFrom),
      }
    })
  const shared = posts
    .filter((post) => post.shared)
    .map(({ id, name }) => ({ id, name, phones: active.filter((device) => device.post_id === id).map(phoneFrom) }))
  return { workers, posts: shared, heard_at: now }
}

export interface Candidate {
  worker: Worker
  load: number
  /** whether his duty names the grid of the case */
  answers: boolean
  /** metres from the case to the nearest one he has in hand: nobody's own position is asked for */
  near_m: number | undefined
}

/** Who may be given these cases: on duty first, then whose grid it is, then the least in hand. */
export function inOrder(workers: Worker[], unit_id: string, all: Case[], given?: Case): Candidate[] {
  return workers
    .filter((worker) => worker.unit_id === unit_id)
    .map((worker) => {
      const in_hand = all.filter((one) => one.handler?.id === worker.id && IN_HAND.includes(one.state))
      return { worker, load: in_hand.length, answers: given !== undefined && answersFor(worker, given), near_m: given && nearest(given, in_hand) }
    })
    .sort((a, b) => rank(b) - rank(a) || Number(b.answers) - Number(a.answers) || a.load - b.load)
}

function rank({ worker }: Candidate): number {
  return Number(worker.on_duty) - Number(worker.away !== null)
}

/** Only a duty that names the grid, or its street by the first nine digits, sets somebody apart. */
function answersFor({ grids }: Worker, { grid_code }: Case): boolean {
  return grid_code !== null && grids.some((code) => code !== '*' && (grid_code === code || (code.length < 14 && grid_code.startsWith(code.slice(0, 9)))))
}

function nearest(given: Case, in_hand: Case[]): number | undefined {
  const from = positionOf(given)
  const distances = in_hand.flatMap((one) => {
    const at = positionOf(one)
    return from && at && one.id !== given.id ? [distanceM(from, at)] : []
  })
  return distances.length ? Math.min(...distances) : undefined
}

function phoneFrom({ id, name, unsent, seen_at, findings }: Schemas['DeviceView']): WorkerPhone {
  return { id, name, unsent, seen_at, bad: findings.filter(({ state }) => state === 'bad').map(({ topic }) => topic) }
}

function itemsOf<T>(answer: Answer<{ items: T[] }>): T[] {
  return answer.kind === 'ok' ? answer.body.items : []
}
