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

/** The name under which the browser is asked to wake the worker when there is a network. */
export const OUTBOX_SYNC = 'outbox'

const LOST: Problem = { code: 'device_lost', title: '', status: 401, retry: false }

/** Why a run ended. `empty`: nothing is left that may go now. */
export type Ended = 'empty' | 'rest' | 'signed_out' | 'wiped' | 'busy'

type Rest = Omit<Extract<Step, { to: 'rest' }>, 'to'>

const PROBE_TIMEOUT_MS = 8_000

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

let inThisPage: Promise<unknown> | undefined

/** One sender at a time, in all tabs and the worker. */
export async function underLock<T>(run: () => Promise<T>): Promise<T | 'busy'> {
  if (typeof navigator !== 'undefined' && 'locks' in navigator) {
    return navigator.locks.request('moshao-outbox', { ifAvailable: true }, (lock) => (lock ? run() : 'busy'))
  }
  // Engines without Web Locks: the server bears two senders, it is only the network that is wasted.
  if (inThisPage) return 'busy'
  const running = run().finally(() => (inThisPage = undefined))
  inThisPage = running
  return running
}

class Sender {
  private readonly passed = new Set<string>()
  private renewed = false
  /** acts for which another token was taken */
  private readonly taken_again = new Set<string>()
  private who: Identity | undefined
  private deliveries!: Deliveries
  /** how the item that is going now goes */
  private send: Transport | undefined
  private carrier!: Carrier
  private readonly means: Means
  /** the server has spoken in this run */
  private heard = false

  constructor(
    means: Means,
    private readonly urged: boolean,
  ) {
    this.means = { ...means, send: this.hearing(means.send ?? fetch) }
  }

  async run(): Promise<Ended> {
    this.carrier = new Carrier((await setting('pause')) !== undefined, this.progress)
    try {
      return await this.runThrough()
    } finally {
      // Whoever sends next finds nothing under way.
      await this.carrier.ended()
    }
  }

  private async runThrough(): Promise<Ended> {
    const who = await currentIdentity()
    this.who = who?.person ? who : undefined
    this.deliveries = await Deliveries.from(this.who, this.means.send)
    await recallClock()
    if (!this.urged && (await rest(this.now()))) return 'rest'
    for (;;) {
      const act = nextAct(await openActs(), (one) => this.deliveries.has(one), this.whenever(), this.passed)
      if (!act) {
        await forget('pause')
        return this.who || this.deliveries.isShared ? 'empty' : 'signed_out'
      }
      const step = await this.sendOne(act)
      if (step.to === 'rest' && !(await this.isAboutThisOne(act, step))) return this.rest(step)
      if (step.to === 'wipe') return this.wipe()
      if (step.to === 'session') {
        const ended = await this.renew(act)
        if (ended) return ended
        continue
      }
      this.passed.add(act.act_id)
      if (step.to !== 'told') await keepStep(act, step, this.now())
      tell('outbox')
    }
  }

  /** Whether the server is there all the same: what brings nothing but silence must not hold up all the others. */
  private async isAboutThisOne(act: Act, step: Rest): Promise<boolean> {
    if (step.busy || (await this.others(act)).length === 0) return false
    return (await ask('/version', { timeout_ms: PROBE_TIMEOUT_MS }, this.means.send)).kind === 'ok'
  }

  /** What may go besides this one, in the same way. */
  private async others(act: Act): Promise<Act[]> {
    const others = (await openActs()).filter((one) => one.act_id !== act.act_id && !this.passed.has(one.act_id))
    return others.filter((one) => nextAct([one], (it) => this.deliveries.isByCookie(it), this.whenever(), this.passed))
  }

  /** Photos before the words that name them; but when photos do not get through, the words go ahead: they are small. */
  private async sendOne(act: Act): Promise<Step> {
    const way = await this.deliveries.wayOf(act)
    if ('to' in way) return way
    this.send = way.send
    const later = this.deliveries.isByCookie(act) ? await this.others(act) : []
    let photos = await this.carrier.bring(act, later, way.send)
    if (isForAll(photos)) return photos
    if (!act.told) {
      const step = await this.put(act)
      if (step.to !== 'told') return step
      act.told = { receipt: step.receipt, verdict: step.verdict }
      await keepTold(act)
      if (photos.to === 'rest') photos = await this.carrier.bring(act, later, way.send)
    }
    return settle(act, photos)
  }

  private async put(act: Act): Promise<Step> {
    const answer = await putAct(act, this.send)
    const sha256s = Object.fromEntries((await photosOf(act)).map((photo) => [photo.photo_id, photo.sha256]))
    return afterPut(act, sha256s, answer)
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
    const tries = this.heard ? 0 : ((await setting('pause'))?.tries ?? 0)
    const rest_ms = after_ms ?? (busy ? restMs(tries) : silenceMs(tries))
    await remember('pause', { until: this.now() + rest_ms, tries: tries + 1, portal })
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
