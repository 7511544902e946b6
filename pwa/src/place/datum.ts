// Map apps of mainland China draw in their own datums: GCJ-02 (高德, 腾讯) and BD-09 (百度). We keep WGS-84 and convert
// only for the link that leaves. Formulas as published with the public eviltransform project.

export interface Position {
  lon: number
  lat: number
}

const A_M = 6378245
const EE = 0.00669342162296594323
const BD = (Math.PI * 3000) / 180

export function toGcj02({ lon, lat }: Position): Position {
  if (lon < 72.004 || lon > 137.8347 || lat < 0.8293 || lat > 55.8271) return { lon, lat }
  const x = lon - 105
  const y = lat - 35
  const radians = (lat / 180) * Math.PI
  const magic = 1 - EE * Math.sin(radians) ** 2
  const root = Math.sqrt(magic)
  return {
    lon: lon + (eastM(x, y) * 180) / ((A_M / root) * Math.cos(radians) * Math.PI),
    lat: lat + (northM(x, y) * 180) / (((A_M * (1 - EE)) / (magic * root)) * Math.PI),
  }
}

export function toBd09(position: Position): Position {
  const { lon, lat } = toGcj02(position)
  const radius = Math.hypot(lon, lat) + 0.00002 * Math.sin(lat * BD)
  const angle = Math.atan2(lat, lon) + 0.000003 * Math.cos(lon * BD)
  return { lon: radius * Math.cos(angle) + 0.0065, lat: radius * Math.sin(angle) + 0.006 }
}

function eastM(x: number, y: number): number {
  return (
    300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * Math.sqrt(Math.abs(x)) +
    waves(x, [20, 6], [20, 2]) + waves(x, [20, 1], [40, 1 / 3]) + waves(x, [150, 1 / 12], [300, 1 / 30])
  )
}

function northM(x: number, y: number): number {
  return (
    -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * Math.sqrt(Math.abs(x)) +
    waves(x, [20, 6], [20, 2]) + waves(y, [20, 1], [40, 1 / 3]) + waves(y, [160, 1 / 12], [320, 1 / 30])
  )
}

function waves(value: number, ...parts: [height: number, frequency: number][]): number {
  return (parts.reduce((sum, [height, frequency]) => sum + height * Math.sin(value * frequency * Math.PI), 0) * 2) / 3
}
