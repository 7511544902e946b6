// Photos on their way. On a good network one after the other, each in one request. On one that comes and goes several at
// once in parts: while the answer about one is awaited, bytes of another fill the few seconds there are.
import type { Transport } from '../api/asking'
import { change } from '../local/database'
import { Pace } from './pacing'
import { photoBytes, photosOf, type Act, type Photo } from './rows'
import { upload, type Reply, type Silence, type UploadStep } from './tus'

const PHOTOS_AT_ONCE = 4
/** More would leave more photos with an end nobody knows after a cut: one must be asked for before it can go on. */
const BODIES_AT_ONCE = 3

/** How far photos are, as the server said last; forgotten while a part is under way. */
const offsets = new Map<string, number>()
const pace = /* @__PURE__ */ new Pace()

export class Carrier {
  /** photos that the server acknowledged in this run */
  readonly held = new Set<string>()
  private readonly photos = new Turns(PHOTOS_AT_ONCE)
  private readonly bodies = new Turns(BODIES_AT_ONCE)
  /** nobody answered: what waits for its turn keeps its place, and knows next time where to go on */
  private is_silent = false
  private heard = false
  private waking: ReturnType<typeof setTimeout> | undefined

  constructor(
    readonly is_poor: boolean,
    private readonly progress: (photo_id: string, sent: number) => void,
  ) {}

  /** The network is asked anew. */
  begin(): void {
    this.is_silent = false
    this.heard = false
    pace.begin()
  }

  /** How the network does at a request. */
  watching(send: Transport): Transport {
    return async (path, init) => {
      const began = performance.now()
      try {
        const answer = await send(path, init)
        pace.heard(began, sizeOf(init.body))
        return answer
      } catch (error) {
        pace.unheard(began)
        throw error
      }
    }
  }

  /** Brings what an act owes. */
  async bring(act: Act, send: Transport | undefined): Promise<UploadStep> {
    const owed = (await photosOf(act)).filter((photo) => !photo.held && !photo.problem)
    if (!this.is_poor) return this.oneByOne(owed, send)
    return worstOf(await Promise.all(owed.map((photo) => this.inItsTurn(photo, send))))
  }

  private async oneByOne(owed: Photo[], send: Transport | undefined): Promise<UploadStep> {
    const steps: UploadStep[] = []
    for (const photo of owed) {
      const step = await this.carry(photo, send)
      steps.push(step)
      if (step.to === 'rest' || isForAll(step)) break
    }
    return worstOf(steps)
  }

  private async inItsTurn(photo: Photo, send: Transport | undefined): Promise<UploadStep> {
    await this.photos.take(() => true)
    try {
      return this.is_silent ? { to: 'rest', untouched: true } : await this.carry(photo, send)
    } finally {
      this.photos.give()
    }
  }

  private async carry(photo: Photo, send: Transport | undefined): Promise<UploadStep> {
    const offset = offsets.get(photo.photo_id)
    const in_parts = this.is_poor || photo.tries > 0
    const step = await upload({
      photo,
      bytes: await photoBytes(photo),
      ...(offset === undefined ? {} : { offset }),
      ...(send ? { send } : {}),
      turn: (from, run) => (in_parts ? this.partOf(photo, from, run) : run(photo.length)),
      keepLocation: (location) =>
        changePhoto(photo, (row) => {
          if (location === undefined) delete row.location
          else row.location = location
        }),
      keepOffset: (at) => this.keepOffset(photo, at),
    })
    if (step.to === 'held') this.held.add(photo.photo_id)
    // Nothing has gone: the photo is as new to the server as before.
    if (step.to === 'rest' && step.untouched) return step
    await changePhoto(photo, (row) => {
      if (step.to === 'held') row.held = true
      else row.tries += 1
      if (step.to === 'parked') row.problem = step.problem
    })
    return step
  }

  private keepOffset(photo: Photo, at: number | undefined): void {
    if (at === undefined) {
      offsets.delete(photo.photo_id)
      return
    }
    this.heard = true
    offsets.set(photo.photo_id, at)
    pace.found(photo.photo_id, at)
    this.progress(photo.photo_id, at)
  }

  /** A part of a photo, when it is its turn and as large as may go then. */
  private async partOf(photo: Photo, from: number, run: (most: number) => Promise<Reply | Silence>): Promise<Reply | Silence> {
    await this.bodies.take(() => this.mayGo())
    try {
      return this.is_silent ? { to: 'rest', untouched: true } : await this.paced(photo, from, run)
    } finally {
      this.bodies.give()
    }
  }

  /** Whether the network may bear more; who waits is asked again when it should have gone, and is still there. */
  private mayGo(): boolean {
    if (this.is_silent || pace.most(true) > 0) return true
    clearTimeout(this.waking)
    this.waking = setTimeout(() => this.bodies.next(), pace.waitMs() + 1)
    return false
  }

  private async paced(photo: Photo, from: number, run: (most: number) => Promise<Reply | Silence>): Promise<Reply | Silence> {
    const most = Math.floor(pace.most(this.photos.taken > 1))
    const bytes = Math.min(most, photo.length - from)
    pace.sent(bytes)
    offsets.delete(photo.photo_id)
    const reply = await run(most)
    if (!('to' in reply)) {
      this.heard = true
      pace.answered(bytes)
      return reply
    }
    this.is_silent = true
    const untouched = reply.untouched === true && !this.heard
    pace.unanswered(photo.photo_id, from, bytes, untouched)
    // Asking first where to go on would cost a short spell of network half of its time; should a byte have gone all the
    // same, the server names the offset.
    if (untouched && photo.location) offsets.set(photo.photo_id, from)
    return { ...reply, untouched }
  }
}

/** So many at once; who waits goes in the order of coming, the first of them when it may. */
class Turns {
  taken = 0
  private readonly waiting: { may: () => boolean; go: () => void }[] = []

  constructor(private readonly most: number) {}

  async take(may: () => boolean): Promise<void> {
    await new Promise<void>((go) => {
      this.waiting.push({ may, go })
      this.next()
    })
  }

  give(): void {
    this.taken -= 1
    this.next()
  }

  next(): void {
    while (this.taken < this.most && this.waiting[0]?.may()) {
      this.taken += 1
      this.waiting.shift()!.go()
    }
  }
}

export function isForAll(step: { to: string }): step is { to: 'session' } | { to: 'wipe' } {
  return step.to === 'session' || step.to === 'wipe'
}

function sizeOf(body: BodyInit | null | undefined): number {
  return body instanceof ArrayBuffer ? body.byteLength : typeof body === 'string' ? body.length : 0
}

const WORST = ['wipe', 'session', 'rest', 'later'] as const

/** What stops all stands before what concerns one; a photo that is refused for good is told by its row. */
function worstOf(steps: UploadStep[]): UploadStep {
  for (const to of WORST) {
    const found = steps.find((step) => step.to === to)
    if (found) return found
  }
  return { to: 'held' }
}

/** A photo whose item was removed meanwhile stays removed. */
async function changePhoto(photo: Photo, edit: (row: Photo) => void): Promise<void> {
  edit(photo)
  await change(['photos'], async (rows) => {
    const row = await rows.get<Photo>('photos', photo.photo_id)
    if (!row) return
    edit(row)
    await rows.put('photos', row)
  })
}
