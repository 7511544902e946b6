// How many bytes go at once on a network that comes and goes. What is on its way when it goes is lost; so no more is sent
// than gets there if the network stays as long as it did the last times. When it stays longer, a little at a time goes on.

/** One part as long as nothing is known. */
export const PART_BYTES = 32 * 1024
const MOST_BYTES = 256 * 1024
/** Smaller parts are more words than photo. */
const LEAST_BYTES = 4 * 1024
const FIRST_PROBE_BYTES = 8 * 1024
const REMEMBERED = 3
/** A request with no more than this tells how far away the server is. */
const SMALL_BYTES = 1024
const SHORTEST_MS = 50
/** What fails sooner was begun when the network was gone already. */
const AT_ONCE_MS = 150

/** A time in which the network was there, in ms of one clock. */
interface Spell {
  /** when the first request that was answered began */
  began: number | undefined
  /** when the first bytes of a photo began */
  first_bytes: number | undefined
  fell: number | undefined
  put: number
  arrived: number
  /** photos, and from which byte on the fate of theirs is not known */
  open: Map<string, number>
}

export class Pace {
  private spell = aSpell()
  private last = aSpell()
  private asked = 0
  /** how long the last spells were */
  private readonly lengths: number[] = []
  /** a small request and its answer: the first of a spell, and one of a later */
  private readonly cold: number[] = []
  private readonly warm: number[] = []
  /** bytes a ms; 0: not known yet */
  private rate = 0
  /** when what was handed over so far has left */
  private free = 0
  private in_flight = 0
  private busy_from = 0
  private busy_bytes = 0
  private probe = FIRST_PROBE_BYTES

  constructor(private readonly clock: () => number = () => performance.now()) {}

  /** The network is asked anew: what became of what was lost is found out from now on. */
  begin(): void {
    if (this.spell.put > 0) this.last = this.spell
    this.spell = aSpell()
    this.asked = this.clock()
    this.in_flight = 0
    this.free = 0
    this.probe = FIRST_PROBE_BYTES
  }

  /** A request of so many bytes, begun then, was answered. */
  heard(began: number, bytes: number): void {
    const took = this.clock() - began
    if (bytes <= SMALL_BYTES) remember(this.spell.began === undefined || began < this.spell.began + took / 2 ? this.cold : this.warm, took)
    this.spell.began = Math.min(began, this.spell.began ?? Infinity)
  }

  /** A request, begun then, was not answered. */
  unheard(began: number): void {
    const { began: up, fell } = this.spell
    if (up === undefined || fell !== undefined || this.clock() - began < AT_ONCE_MS) return
    this.spell.fell = this.clock()
    remember(this.lengths, this.spell.fell - up)
  }

  /** The most bytes of a photo that may go now; 0: not before there is an answer, or `waitMs` are over. `beside`: there
   * are others, for which half is left. */
  most(beside: boolean): number {
    if (this.lengths.length === 0 || this.rate === 0) return PART_BYTES
    const left = this.rate * (this.end() - this.far() / 2 - this.start())
    if (left >= LEAST_BYTES) return Math.min(MOST_BYTES, beside && this.in_flight === 0 ? Math.max(left / 2, LEAST_BYTES) : left)
    return this.in_flight > 0 || this.waitMs() > 0 ? 0 : this.probe
  }

  /** Until it has stayed longer than it used to. */
  waitMs(): number {
    return Math.max(0, this.end() + this.far() / 2 - this.clock())
  }

  sent(bytes: number): void {
    const start = this.start()
    if (this.in_flight === 0) [this.busy_from, this.busy_bytes] = [start, 0]
    this.spell.first_bytes ??= start
    this.spell.put += bytes
    this.in_flight += bytes
    if (this.rate > 0) this.free = start + bytes / this.rate
  }

  answered(bytes: number): void {
    this.spell.arrived += bytes
    this.in_flight -= bytes
    this.busy_bytes += bytes
    this.measure(this.busy_bytes, this.clock() - this.far() - this.busy_from, this.in_flight === 0)
    if (this.clock() > this.end()) this.probe = Math.min(2 * this.probe, MOST_BYTES)
  }

  /** No answer came; `untouched`: there was no network at all, nothing of them has gone. */
  unanswered(photo_id: string, from: number, bytes: number, untouched: boolean): void {
    this.in_flight -= bytes
    if (untouched) this.spell.put -= bytes
    else this.spell.open.set(photo_id, from)
  }

  /** The server says how far a photo is. */
  found(photo_id: string, at: number): void {
    const { open, first_bytes, fell, put } = this.last
    const from = open.get(photo_id)
    if (from === undefined) return
    this.last.arrived += Math.max(0, at - from)
    open.delete(photo_id)
    // Where bytes were lost it was busy to the last.
    const is_whole = open.size === 0 && this.last.arrived < put
    if (fell !== undefined) this.measure(this.last.arrived, fell - this.far() / 2 - first_bytes!, is_whole)
  }

  /** `is_whole`: no other bytes went in that time; else it bears as much at least. */
  private measure(bytes: number, ms: number, is_whole: boolean): void {
    const rate = bytes / Math.max(ms, SHORTEST_MS)
    this.rate = is_whole && this.rate > 0 ? (this.rate + rate) / 2 : Math.max(this.rate, rate)
  }

  /** When it may be gone again. */
  private end(): number {
    return (this.spell.began ?? this.asked) + Math.min(...this.lengths)
  }

  /** When the next byte could leave: the first ones of a spell wait for a connection. */
  private start(): number {
    const connecting = this.spell.began === undefined ? Math.max(0, least(this.cold) - this.far()) : 0
    return Math.max(this.free, this.clock() + connecting)
  }

  /** There and back, ms. */
  private far(): number {
    return this.warm.length > 0 ? least(this.warm) : least(this.cold) / 2
  }
}

function aSpell(): Spell {
  return { began: undefined, first_bytes: undefined, fell: undefined, put: 0, arrived: 0, open: new Map() }
}

function remember(those: number[], one: number): void {
  those.push(one)
  if (those.length > REMEMBERED) those.shift()
}

function least(those: number[]): number {
  return those.length > 0 ? Math.min(...those) : 0
}
