// Areas of the district as maps draw them, asked for once while somebody sits here.
import { askHere } from '../shell/session'

type Ring = [lon: number, lat: number][]

export interface Area {
  properties: { code: string; kind: 'unit' | 'duty' | 'street' | 'outline'; name: string; street_code: string; street_name: string }
  geometry: { type: 'Polygon'; coordinates: Ring[] } | { type: 'MultiPolygon'; coordinates: Ring[][] }
}

let asked: Promise<Area[]> | undefined

export function districtAreas(): Promise<Area[]> {
  asked ??= readAreas().then((found) => {
    if (!found) asked = undefined
    return found ?? []
  })
  return asked
}

async function readAreas(): Promise<Area[] | undefined> {
  const answer = await askHere<{ features: Area[] }>('/api/grids.geojson')
  return answer.kind === 'ok' ? answer.body.features : undefined
}

export function ringsOf({ geometry }: Area): Ring[][] {
  return geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates
}
