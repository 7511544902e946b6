// In whose name an item goes. What the person at his own phone did goes by the page's session. All else, on a post's
// phone everything, goes by a token of the person who did it: a browser has one cookie, and tabs change it.
import { takeDelivery } from '../api/renewing'
import type { Transport } from '../api/asking'
import type { Problem } from '../api/problem'
import { identities, type Identity } from '../local/identities'
import { afterProblem, type Step } from './deciding'
import type { Act } from './rows'

/** How to send an item, or what becomes of it where there is no way now. */
export type Way = { send: Transport | undefined } | Step

export class Deliveries {
  private readonly tokens = new Map<string, string>()
  private readonly refused = new Map<string, Step>()
  /** what the server said when it would have no more of this phone */
  over: Problem | undefined

  private constructor(
    private readonly keys: Map<string, Identity>,
    private readonly at_phone: Identity | undefined,
    private readonly send: Transport | undefined,
  ) {}

  /** `at_phone`: whose cookie the browser has. */
  static async from(at_phone: Identity | undefined, send: Transport | undefined): Promise<Deliveries> {
    const keys = new Map((await identities()).map((one) => [one.device_id, one]))
    return new Deliveries(keys, at_phone, send)
  }

  /** Whether this phone has the key that signed it; what another phone signed can not go from here. */
  has(act: Act): boolean {
    return this.keys.has(act.device_id)
  }

  /** Whether something goes from here with nobody signed in. */
  get isShared(): boolean {
    return [...this.keys.values()].some((one) => one.post !== undefined)
  }

  /** Whether it goes by the cookie. */
  isByCookie(act: Act): boolean {
    return this.at_phone !== undefined && !this.at_phone.post && act.device_id === this.at_phone.device_id
  }

  /** Whether it can go without asking for a token first. */
  isWayKnown(act: Act): boolean {
    return this.isByCookie(act) || this.tokens.has(nameOf(act))
  }

  async wayOf(act: Act): Promise<Way> {
    if (this.isByCookie(act)) return { send: this.send }
    const name = nameOf(act)
    const known = this.tokens.get(name)
    if (known) return { send: this.bearing(known) }
    return this.refused.get(name) ?? this.take(act, name)
  }

  private async take(act: Act, name: string): Promise<Way> {
    const answer = await takeDelivery(this.keys.get(act.device_id)!, act.person_id, this.send)
    if (answer.kind === 'silence') return { to: 'rest', portal: answer.portal }
    if (answer.kind === 'problem') {
      this.over = answer.problem
      const step = this.afterRefusal(act, afterProblem(answer.problem, answer.headers), answer.problem.code)
      this.refused.set(name, step)
      return step
    }
    const { token } = answer.body
    if (!token) return { to: 'later' }
    this.tokens.set(name, token)
    return { send: this.bearing(token) }
  }

  /** The token is good no more; true where another may be. */
  forget(act: Act): boolean {
    return this.tokens.delete(nameOf(act))
  }

  private afterRefusal(act: Act, step: Step, code: string): Step {
    const is_over = step.to === 'wipe' || (step.to === 'session' && code === 'device_ended')
    if (is_over && act.device_id === this.at_phone?.device_id) return step
    // An earlier pairing of this phone is over: what it signed can go to nobody any more but by hand.
    if (is_over) return { to: 'parked', problem: { code, title: '', status: 401, retry: false } }
    // He signed out of his own phone, or is let in no more: his items wait for him.
    return step.to === 'session' ? { to: 'later' } : step
  }

  private bearing(token: string): Transport {
    const send = this.send ?? fetch
    return (path, init) =>
      send(path, { ...init, credentials: 'omit', headers: { ...(init.headers as Record<string, string>), Authorization: `Bearer ${token}` } })
  }
}

function nameOf(act: Act): string {
  return `${act.device_id} ${act.person_id}`
}
