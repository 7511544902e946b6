// The doorkeeper of Leaflet: everything is drawn by it, and nothing else knows it.
import * as L from 'leaflet'
import 'leaflet/dist/leaflet.css'
import type { Position } from '../place/datum'
import { isMine, type Area, type Ground } from './grids'
import { drawnAt, type Mark, type Tiles } from './marks'

const CLOSE_ZOOM = 16
const GRIDS_FROM_ZOOM = 14
const ICON_PX = 48
/** Wancheng, where no area is known yet. */
const SOMEWHERE: L.LatLngTuple = [32.99, 112.54]

export class Drawing {
  private readonly map: L.Map
  private readonly canvas = L.canvas({ padding: 0.3 })
  private readonly ground = L.layerGroup()
  private readonly grids = L.layerGroup()
  private readonly marks = L.layerGroup()
  private readonly me = L.layerGroup()
  private framed = false

  constructor(
    box: HTMLElement,
    private readonly tiles: Tiles | null,
    private readonly chosen: (id: string) => void,
  ) {
    this.map = L.map(box, { zoomControl: false, attributionControl: false, maxZoom: 19 }).setView(SOMEWHERE, 13)
    for (const layer of tiles?.layers ?? []) this.addTiles(layer, tiles!)
    if (tiles?.attribution) L.control.attribution({ prefix: false }).addAttribution(tiles.attribution).addTo(this.map)
    for (const layer of [this.ground, this.marks, this.me]) layer.addTo(this.map)
    this.map.on('zoomend', () => this.showGrids())
  }

  zoom(by: 1 | -1): void {
    this.map.setZoom(this.map.getZoom() + by)
  }

  goTo(at: Position): void {
    this.map.setView(this.spot(at), CLOSE_ZOOM)
  }

  drawGround({ areas, mine }: Ground): void {
    this.ground.clearLayers()
    this.grids.clearLayers()
    for (const area of areas) {
      const own = isMine(area.properties.code, mine)
      const small = area.properties.kind === 'unit' || area.properties.kind === 'duty'
      const shape = L.polygon(this.rings(area), { renderer: this.canvas, interactive: false, className: '', ...styleOf(area, own) })
      shape.addTo(small && !own ? this.grids : this.ground)
    }
    this.showGrids()
    if (!this.framed && areas.length) this.frame(areas.filter((area) => area.properties.kind === 'outline').flatMap((area) => this.rings(area).flat(2)))
  }

  drawMarks(marks: Mark[]): void {
    this.marks.clearLayers()
    for (const mark of marks) {
      const icon = L.divIcon({ className: `mark ${mark.look}`, iconSize: [ICON_PX, ICON_PX], html: '' })
      const marker = L.marker(this.spot(mark.at), { icon, title: mark.words, zIndexOffset: mark.look === 'known' ? -1000 : 0 })
      marker.on('click', () => this.chosen(mark.id)).addTo(this.marks)
    }
    const own = marks.filter((mark) => mark.look !== 'known')
    if (!this.framed && own.length) {
      this.framed = true
      this.frame(own.map((mark) => this.spot(mark.at)))
    }
  }

  drawMe(at: Position): void {
    this.me.clearLayers()
    L.marker(this.spot(at), { icon: L.divIcon({ className: 'mark me', iconSize: [22, 22] }), interactive: false, keyboard: false }).addTo(this.me)
  }

  /** Not at once: Leaflet forgets frames that it asked for, and they would draw on a canvas that is gone. */
  remove(): void {
    requestAnimationFrame(() => this.map.remove())
  }

  private addTiles(url: string, { subdomains, zoom_most }: Tiles): void {
    // Keys of some sources are given for a site, which has to be named to them.
    L.tileLayer(url, { subdomains: subdomains || 'abc', maxNativeZoom: zoom_most, maxZoom: 19, referrerPolicy: 'origin' }).addTo(this.map)
  }

  private showGrids(): void {
    const close = this.map.getZoom() >= GRIDS_FROM_ZOOM
    if (close) this.grids.addTo(this.map)
    else this.grids.remove()
  }

  private frame(points: L.LatLngExpression[]): void {
    if (points.length) this.map.fitBounds(L.latLngBounds(points as L.LatLngTuple[]), { padding: [48, 48], maxZoom: CLOSE_ZOOM })
  }

  private rings({ geometry }: Area): L.LatLngTuple[][][] {
    const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates
    return polygons.map((rings) => rings.map((ring) => ring.map(([lon, lat]) => this.spot({ lon, lat }))))
  }

  private spot(at: Position): L.LatLngTuple {
    const { lon, lat } = drawnAt(at, this.tiles?.datum)
    return [lat, lon]
  }
}

/** Canvas knows no variables of the style sheet: they are read once for each shape. */
function styleOf({ properties }: Area, own: boolean): L.PathOptions {
  const token = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim()
  if (own) return { color: token('--brand'), weight: 2, fillColor: token('--brand'), fillOpacity: 0.18 }
  if (properties.kind === 'outline') return { color: token('--ink'), weight: 3, fill: false }
  if (properties.kind === 'street') return { color: token('--ink-soft'), weight: 2, dashArray: '6 6', fill: false }
  return { color: token('--ink-soft'), weight: 1, opacity: 0.32, fill: false }
}
