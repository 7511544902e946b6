// The desk's door to Leaflet: outlines, points and circles of accuracy, with or without pictures below.
import * as L from 'leaflet'
import 'leaflet/dist/leaflet.css'
import type { Area } from './areas'
import { ringsOf } from './areas'

export interface Spot {
  id: string
  lon: number
  lat: number
  look: 'case' | 'seen' | 'go' | 'warn' | 'hurry' | 'late' | 'still' | 'chosen'
  /** what stands on its label */
  words?: string
  /** a circle of so many metres around it */
  accuracy_m?: number | null
}

const GRIDS_FROM_ZOOM = 15
const CLOSE_ZOOM = 18
const POINT_PX = 7
/** Wancheng, where no area is known yet. */
const SOMEWHERE: L.LatLngTuple = [32.99, 112.54]

export class DeskMap {
  private readonly map: L.Map
  private readonly canvas = L.canvas({ padding: 0.4 })
  private readonly ground = L.layerGroup()
  private readonly grids = L.layerGroup()
  private readonly marked = L.layerGroup()
  private readonly spots = L.layerGroup()
  private readonly over = L.layerGroup()
  private outline: L.LatLngBounds | undefined
  private framed = false

  constructor(box: HTMLElement, private readonly heard: { chosen?: (id: string) => void; placed?: (lon: number, lat: number) => void }) {
    this.map = L.map(box, { zoomControl: false, attributionControl: false, maxZoom: 19, zoomAnimation: false, fadeAnimation: false, keyboard: false }).setView(SOMEWHERE, 13)
    for (const layer of [this.ground, this.marked, this.spots, this.over]) layer.addTo(this.map)
    this.map.on('zoomend', () => this.showGrids())
    this.map.on('click', ({ latlng }) => this.heard.placed?.(round(latlng.lng), round(latlng.lat)))
  }

  drawAreas(areas: Area[]): void {
    this.ground.clearLayers()
    this.grids.clearLayers()
    for (const area of areas) {
      const shape = L.polygon(cornersOf(area), { renderer: this.canvas, interactive: false, ...areaStyle(area.properties.kind) })
      shape.addTo(area.properties.kind === 'unit' || area.properties.kind === 'duty' ? this.grids : this.ground)
      if (area.properties.kind === 'outline') this.outline = shape.getBounds()
    }
    this.showGrids()
    if (this.outline && !this.framed) this.map.fitBounds(this.outline, { padding: [8, 8] })
  }

  /** These areas and no others are filled, so that they are seen at any scale. */
  markAreas(areas: Area[]): void {
    this.marked.clearLayers()
    for (const area of areas) {
      L.polygon(cornersOf(area), { renderer: this.canvas, interactive: false, color: token('--late'), weight: 2, fillColor: token('--late'), fillOpacity: 0.35 }).addTo(this.marked)
    }
  }

  /** All points anew; `frame`: the map moves so that they are seen. */
  drawSpots(spots: Spot[], frame: boolean): void {
    this.spots.clearLayers()
    for (const spot of spots) {
      const at: L.LatLngTuple = [spot.lat, spot.lon]
      const colour = token(COLOURS[spot.look])
      if (spot.accuracy_m) L.circle(at, { radius: spot.accuracy_m, renderer: this.canvas, interactive: false, color: colour, weight: 1, fillOpacity: 0.12 }).addTo(this.spots)
      const point = L.circleMarker(at, { renderer: this.canvas, radius: POINT_PX, color: token('--surface'), weight: 2, fillColor: colour, fillOpacity: 1 })
      point.on('click', (event) => {
        L.DomEvent.stopPropagation(event)
        this.heard.chosen?.(spot.id)
      })
      if (spot.words) point.bindTooltip(spot.words, { direction: 'top', offset: [0, -6] })
      point.addTo(this.spots)
    }
    if (frame && spots.length) this.frame(spots)
  }

  /** A line between two spots, as from the case to where the phone was. */
  drawLine(from: Spot | undefined, to: Spot | undefined): void {
    this.over.clearLayers()
    if (!from || !to) return
    L.polyline([[from.lat, from.lon], [to.lat, to.lon]], { renderer: this.canvas, interactive: false, color: token('--ink'), weight: 1.5, dashArray: '4 4' }).addTo(this.over)
  }

  /** A ring around one spot. */
  point(spot: { lon: number; lat: number } | undefined): void {
    this.over.clearLayers()
    if (!spot) return
    L.circleMarker([spot.lat, spot.lon], { renderer: this.canvas, interactive: false, radius: POINT_PX + 5, color: token('--ink'), weight: 3, fill: false }).addTo(this.over)
    if (!this.map.getBounds().contains([spot.lat, spot.lon])) this.map.panTo([spot.lat, spot.lon], { animate: false })
  }

  zoom(by: 1 | -1): void {
    this.map.setZoom(this.map.getZoom() + by, { animate: false })
  }

  whole(): void {
    if (this.outline) this.map.fitBounds(this.outline, { padding: [8, 8] })
  }

  resized(): void {
    this.map.invalidateSize({ animate: false })
  }

  /** Not at once: Leaflet forgets frames that it asked for, and they would draw on a canvas that is gone. */
  remove(): void {
    requestAnimationFrame(() => this.map.remove())
  }

  private frame(spots: Spot[]): void {
    this.framed = true
    const around = spots.map(({ lon, lat, accuracy_m }) => L.latLng(lat, lon).toBounds(2 * (accuracy_m ?? 10) + 20))
    const bounds = around.reduce((all, one) => all.extend(one))
    this.map.fitBounds(bounds, { padding: [16, 16], maxZoom: CLOSE_ZOOM, animate: false })
  }

  private showGrids(): void {
    const close = this.map.getZoom() >= GRIDS_FROM_ZOOM
    if (close) this.grids.addTo(this.map)
    else this.grids.remove()
  }
}

const COLOURS: Record<Spot['look'], string> = {
  case: '--brand', seen: '--hurry', go: '--go', warn: '--warn', hurry: '--hurry', late: '--late', still: '--ink-soft', chosen: '--ink',
}

function cornersOf(area: Area): L.LatLngTuple[][][] {
  return ringsOf(area).map((polygon) => polygon.map((ring) => ring.map(([lon, lat]): L.LatLngTuple => [lat, lon])))
}

/** Canvas knows no variables of the style sheet. */
function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim()
}

function areaStyle(kind: Area['properties']['kind']): L.PathOptions {
  if (kind === 'outline') return { color: token('--ink-soft'), weight: 2, fillColor: token('--surface'), fillOpacity: 0.7 }
  if (kind === 'street') return { color: token('--ink-soft'), weight: 1, opacity: 0.7, dashArray: '5 4', fill: false }
  return { color: token('--ink-soft'), weight: 1, opacity: 0.35, fill: false }
}

/** To a decimetre: no finger points better. */
function round(degrees: number): number {
  return Math.round(degrees * 1e6) / 1e6
}
