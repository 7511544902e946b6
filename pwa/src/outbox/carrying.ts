// Photos on their way. On a good network one after the other, each in one request. On one that comes and goes several at
// once in small parts: while the answer about one is awaited, bytes of another fill the few seconds there are.
import type { Transport } from '../api/asking'
import { change } from '../local/database'
import { photoBytes, photosOf, type Act, type Photo } from './rows'
import { upload, type Reply, type Silence, type UploadStep } from './tus'

const PHOTOS_AT_ONCE = 4
/** More would only share the same few bytes a second, and leave more photos with an end nobody knows after a cut. */
const BODIES_AT_ONCE = 2

/** How far photos are, as the server said last; forgotten while a part is under way. */
const offsets = new Map<string, number>()

export class Carrier {
  private readonly going = new Map<string, Promise<UploadStep>>()
  private readonly waiting: (() => void)[] = []
  private ahead: Photo[] = []
  private bodies = 0
  /** nobody answered: what waits for its turn keeps its place, and knows next time where to go on */
  private is_silent = false

  constructor(
    private is_poor: boolean,
    private readonly progress: (photo_id: string, sent: number) => void,
  ) {}

  /** Brings what an act owes. `later`: acts whose photos may go meanwhile, by the same way. */
  async bring(act: Act, later: Act[], send: Transport | undefined): Promise<UploadStep> {
    let worst: UploadStep = { to: 'held' }
    this.is_silent = false
    this.ahead = this.is_poor ? await owedBy([act, ...later]) : []
    for (const photo of await owedBy([act])) {
      this.fill(send)
      const step = await this.start(photo, send)
      if (step.to === 'rest' || isForAll(step)) return step
      if (step.to === 'later') worst = step
    }
    return worst
  }

  /** Resolves when nothing is under way any more. */
  async ended(): Promise<void> {
    this.ahead = []
    while (this.going.size > 0) await Promise.allSettled(this.going.values())
  }

  private fill(send: Transport | undefined): void {
    while (this.going.size < PHOTOS_AT_ONCE && this.ahead.length > 0) void this.start(this.ahead.shift()!, send)
  }

  private start(photo: Photo, send: Transport | undefined): Promise<UploadStep> {
    const under_way = this.going.get(photo.photo_id)
    if (under_way) return under_way
    this.ahead = this.ahead.filter((one) => one.photo_id !== photo.photo_id)
    const carried = this.carry(photo, send).finally(() => this.going.delete(photo.photo_id))
    this.going.set(photo.photo_id, carried)
    carried.then(
      (step) => this.goOn(step, send),
      () => (this.ahead = []),
    )
    return carried
  }

  private goOn(step: UploadStep, send: Transport | undefined): void {
    if (step.to === 'rest') this.is_poor = true
    if (step.to === 'held') this.fill(send)
    else this.ahead = []
  }

  private async carry(photo: Photo, send: Transport | undefined): Promise<UploadStep> {
    const offset = offsets.get(photo.photo_id)
    const step = await upload({
      photo,
      bytes: await photoBytes(photo),
      is_poor: this.is_poor || photo.tries > 0,
      ...(offset === undefined ? {} : { offset }),
      ...(send ? { send } : {}),
      turn: (run) => this.inTurn(run),
      keepLocation: (location) =>
        changePhoto(photo, (row) => {
          if (location === undefined) delete row.location
          else row.location = location
        }),
      keepOffset: (at) => {
        if (at === undefined) offsets.delete(photo.photo_id)
        else offsets.set(photo.photo_id, at)
        if (at !== undefined) this.progress(photo.photo_id, at)
      },
    })
    await changePhoto(photo, (row) => {
      if (step.to === 'held') row.held = true
      else row.tries += 1
      if (step.to === 'parked') row.problem = step.problem
    })
    return step
  }

  private async inTurn(run: () => Promise<Reply | Silence>): Promise<Reply | Silence> {
    if (this.bodies >= BODIES_AT_ONCE) await new Promise<void>((resolve) => this.waiting.push(resolve))
    if (this.is_silent) {
      this.waiting.shift()?.()
      return { to: 'rest' }
    }
    this.bodies += 1
    try {
      const reply = await run()
      this.is_silent = 'to' in reply
      return reply
    } finally {
      this.bodies -= 1
      this.waiting.shift()?.()
    }
  }
}

export function isForAll(step: { to: string }): step is { to: 'session' } | { to: 'wipe' } {
  return step.to === 'session' || step.to === 'wipe'
}

async function owedBy(acts: Act[]): Promise<Photo[]> {
  const photos: Photo[] = []
  for (const act of acts) photos.push(...(await photosOf(act)).filter((photo) => !photo.held && !photo.problem))
  return photos
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
