// One sender for the whole phone: any tab, whoever holds the lock; with no tab the worker (sending_unseen.ts).
import { ask, isPortal, type Transport } from '../api/asking'
import { recallClock } from '../api/clock'
import { heedEnding } from '../api/ending'
import type { Problem } from '../api/problem'
import { renewSession } from '../api/renewing'
import { currentIdentity, type Identity } from '../local/identities'
import { forget, remember, setting } from '../local/settings'
import { tell } from '../local/watching'
import { Carrier, isForAll } from './carrying'
import { afterProblem, afterPut, isOver, nextAct, restMs, silenceMs, type Step } from './deciding'
import { Deliveries } from './delivering'
import { putAct } from './putting'
import { openActs, photosOf, type Act } from './rows'
import { keepStep, keepTold, settle } from './settling'
import { AT_ONCE_MS, type Silence } from './tus'

/** The name under which the browser is asked to wake the worker when there is a network. */
export const OUTBOX_SYNC = 'outbox'

const LOST: Problem = { code: 'device_lost', title: '', status: 401, retry: false }

/** Why a run ended. `empty`: nothing is left that may go now. */
export type Ended = 'empty' | 'rest' | 'signed_out' | 'wiped' | 'busy'

type Rest = Omit<Silence, 'to'>
type StepOfOne = Step | Silence

/** What stops all, and at which item. */
interface Stop {
  act: Act
  step: Extract<StepOfOne, { to: 'rest' | 'session' | 'wipe' }>
}

const PROBE_TIMEOUT_MS = 8_000
/** Items at once on a network that comes and goes; browsers hold six connections, and two are for what comes down. */
const AT_ONCE = 4
/** With no network at all the first fails before this, and the others need not try. */
const APART_MS = 40
/** Without a network every so many tries it is asked whether the silence is only one item's. */
const PROBE_EACH = 8

export interface Means {
  send?: Transport
  /** bytes of a photo that have arrived */
  progress?(photo_id: string, sent: number): void
  now?(): number
}

/** Sends what waits, oldest first. `urged`: a person or a fresh sign of the network asks, so no rest is kept. */
export async function sendWaiting(means: Means, urged = false): Promise<Ended> {
  return underLock(() => new Sender(means, urged).run())
}

/** The rest after the network failed, if there is one; `until`: ms on the phone's clock. */
export async function rest(now = Date.now()): Promise<{ until: number; portal: boolean } | undefined> {
  const pause = await setting('pause')
  return pause && !isOver(pause.until, now) ? { until: pause.until, portal: pause.portal === true } : undefined
}

const LOCK = 'moshao-outbox'
let inThisPage: Promise<unknown> | undefined

/** One sender at a time, in all tabs and the worker. */
export async function underLock<T>(run: () => Promise<T>): Promise<T | 'busy'> {
  if (typeof navigator !== 'undefined' && 'locks' in navigator) {
    return navigator.locks.request(LOCK, { ifAvailable: true }, (lock) => (lock ? run() : 'busy'))
  }
  // Engines without Web Locks: the server bears two senders, it is only the network that is wasted.
  if (inThisPage) return 'busy'
  const running = run().finally(() => (inThisPage = undefined))
  inThisPage = running
  return running
}

/** The same once it is free: a page that is being closed holds it for a moment still, or until its last try has failed. */
export async function onceFree<T>(run: () => Promise<T>): Promise<T | 'busy'> {
  if (typeof navigator !== 'undefined' && 'locks' in navigator) return navigator.locks.request(LOCK, run)
  await inThisPage?.catch(() => undefined)
  return underLock(run)
}

class Sender {
  private readonly passed = new Set<string>()
  private renewed = false
  /** acts for which another token was taken */
  private readonly taken_again = new Set<string>()
  private who: Identity | undefined
  private deliveries!: Deliveries
  private carrier!: Carrier
  private readonly means: Means
  /** the server has spoken in this run */
  private heard = false
  private tries = 0

  constructor(
    means: Means,
    private readonly urged: boolean,
  ) {
    this.means = { ...means, send: this.hearing(means.send ?? fetch) }
  }

  async run(): Promise<Ended> {
    const pause = await setting('pause')
    this.tries = pause?.tries ?? 0
    this.carrier = new Carrier(pause !== undefined && !pause.busy, this.progress)
    this.means.send = this.carrier.watching(this.means.send!)
    const who = await currentIdentity()
    this.who = who?.person ? who : undefined
    this.deliveries = await Deliveries.from(this.who, this.means.send)
    await recallClock()
    if (!this.urged && (await rest(this.now()))) return 'rest'
    for (;;) {
      const stop = await this.sendAll()
      if (!stop) {
        await forget('pause')
        return this.who || this.deliveries.isShared ? 'empty' : 'signed_out'
      }
      const ended = await this.after(stop)
      if (ended) return ended
    }
  }

  /** Until nothing may go any more, or something stops all; nothing is under way then. */
  private async sendAll(): Promise<Stop | undefined> {
    const going = new Map<Act, Promise<void>>()
    let stop: Stop | undefined
    this.carrier.begin()
    const sendOne = async (act: Act) => {
      const step = await this.sendOne(act)
      if (step.to !== 'rest' && !isForAll(step)) await this.keep(act, step)
      else if (!stop || (stop.step.to === 'rest' && step.to !== 'rest')) stop = { act, step }
      going.delete(act)
    }
    try {
      for (;;) {
        const act = stop ? undefined : await this.nextBeside([...going.keys()])
        if (act) going.set(act, sendOne(act))
        else if (going.size === 0) return stop
        await Promise.race([...going.values(), ...(act && this.carrier.is_poor ? [apart()] : [])])
      }
    } finally {
      await Promise.allSettled(going.values())
    }
  }

  /** What is known of whose way is tried side by side; a token is taken for one item alone. */
  private async nextBeside(going: Act[]): Promise<Act | undefined> {
    if (going.length >= (this.carrier.is_poor ? AT_ONCE : 1)) return undefined
    const not = new Set([...this.passed, ...going.map((act) => act.act_id)])
    const act = nextAct(await openActs(), (one) => this.deliveries.has(one), this.whenever(), not)
    return act && [act, ...going].every((one) => going.length === 0 || this.deliveries.isWayKnown(one)) ? act : undefined
  }

  private async keep(act: Act, step: Step): Promise<void> {
    this.passed.add(act.act_id)
    if (step.to !== 'told') await keepStep(act, step, this.now())
    tell('outbox')
  }

  private async after({ act, step }: Stop): Promise<Ended | undefined> {
    if (step.to === 'wipe') return this.wipe()
    if (step.to === 'session') return this.renew(act)
    if (!(await this.isAboutThisOne(act, step))) return this.rest(step)
    await this.keep(act, step)
    return undefined
  }

  /** Whether the server is there all the same: what brings nothing but silence must not hold up all the others. */
  private async isAboutThisOne(act: Act, step: Rest): Promise<boolean> {
    const no_network = step.untouched && this.carrier.is_poor && this.tries % PROBE_EACH !== PROBE_EACH - 1
    if (step.busy || no_network || (await this.others(act)).length === 0) return false
    return (await ask('/version', { timeout_ms: PROBE_TIMEOUT_MS }, this.means.send)).kind === 'ok'
  }

  /** What may go besides this one, in the same way. */
  private async others(act: Act): Promise<Act[]> {
    const others = (await openActs()).filter((one) => one.act_id !== act.act_id && !this.passed.has(one.act_id))
    return others.filter((one) => nextAct([one], (it) => this.deliveries.isByCookie(it), this.whenever(), this.passed))
  }

  private async sendOne(act: Act): Promise<StepOfOne> {
    const way = await this.deliveries.wayOf(act)
    if ('to' in way) return way
    return this.carrier.is_poor ? this.sendAtOnce(act, way.send) : this.sendInOrder(act, way.send)
  }

  /** Words are small: they need not wait until photos are through. */
  private async sendAtOnce(act: Act, send: Transport | undefined): Promise<StepOfOne> {
    const [photos, step] = await Promise.all([this.carrier.bring(act, send), this.put(act, send)])
    if (isForAll(photos)) return photos
    return step.to === 'told' ? settle(act, photos) : step
  }

  /** Photos before the words that name them; but when photos do not get through, the words go ahead. */
  private async sendInOrder(act: Act, send: Transport | undefined): Promise<StepOfOne> {
    let photos = await this.carrier.bring(act, send)
    if (isForAll(photos)) return photos
    if (!act.told) {
      const step = await this.put(act, send)
      if (step.to !== 'told') return step
      if (photos.to === 'rest') {
        this.carrier.begin()
        photos = await this.carrier.bring(act, send)
      }
    }
    return settle(act, photos)
  }

  private async put(act: Act, send: Transport | undefined): Promise<StepOfOne> {
    if (act.told) return { to: 'told', ...act.told }
    const began = this.now()
    const answer = await putAct(act, send)
    const sha256s = Object.fromEntries((await photosOf(act)).map((photo) => [photo.photo_id, photo.sha256]))
    const step = afterPut(act, sha256s, answer)
    if (step.to === 'rest' && this.now() - began < AT_ONCE_MS) return { ...step, untouched: true }
    if (step.to !== 'told') return step
    act.told = { receipt: step.receipt, verdict: step.verdict }
    await keepTold(act, this.carrier.held)
    return step
  }

  private async renew(act: Act): Promise<Ended | undefined> {
    if (!this.deliveries.isByCookie(act)) return this.renewDelivery(act)
    if (this.renewed) return this.signedOut('session_over')
    this.renewed = true
    // He has left meanwhile, and ended the session himself: his key must not open another.
    if ((await currentIdentity())?.person?.id !== this.who?.person?.id) return 'signed_out'
    const answer = await renewSession(this.who!, this.means.send)
    if (answer.kind === 'ok') return undefined
    if (answer.kind === 'silence') return this.rest({ portal: answer.portal })
    const step = afterProblem(answer.problem, answer.headers)
    if (step.to === 'wipe') return this.wipe()
    if (step.to === 'rest' || step.to === 'later') return this.rest({ ...step, busy: true })
    await heedEnding(answer.problem)
    return this.signedOut(answer.problem.code)
  }

  /** Another token, once; where the phone itself has ended nobody here can send any more. */
  private async renewDelivery(act: Act): Promise<Ended | undefined> {
    if (!this.deliveries.forget(act)) {
      if (this.deliveries.over) await heedEnding(this.deliveries.over)
      return this.signedOut('device_ended')
    }
    if (this.taken_again.has(act.act_id)) {
      this.passed.add(act.act_id)
      await keepStep(act, { to: 'later' }, this.now())
    }
    this.taken_again.add(act.act_id)
    return undefined
  }

  /** The queue stops and keeps everything: only a person can sign in again. */
  private async signedOut(code: string): Promise<Ended> {
    await remember('signed_out', code)
    tell('session')
    return 'signed_out'
  }

  private async rest({ after_ms, busy, portal = false }: Rest): Promise<Ended> {
    const tries = this.heard ? 0 : this.tries
    const rest_ms = after_ms ?? (busy ? restMs(tries) : silenceMs(tries))
    await remember('pause', { until: this.now() + rest_ms, tries: tries + 1, portal, ...(busy ? { busy } : {}) })
    tell('outbox')
    return 'rest'
  }

  private async wipe(): Promise<Ended> {
    await heedEnding(LOST)
    tell('session')
    return 'wiped'
  }

  private hearing(send: Transport): Transport {
    return async (path, init) => {
      const answer = await send(path, init)
      this.heard ||= !isPortal(answer)
      return answer
    }
  }

  /** From when on items may go: those that were put off go as well where somebody asks. */
  private whenever(): number {
    return this.urged ? Infinity : this.now()
  }

  private readonly progress = (photo_id: string, sent: number) => this.means.progress?.(photo_id, sent)

  private now(): number {
    return this.means.now?.() ?? Date.now()
  }
}

function apart(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, APART_MS))
}
