import { toBd09, toGcj02, type Position } from './datum'

export type MapApp = 'amap' | 'baidu' | 'tencent'

/** Web links that open the installed app, or its page where it is not installed. */
export function navigationLinks(to: Position, name: string): Record<MapApp, string> {
  const gcj = toGcj02(to)
  const bd = toBd09(to)
  const label = encodeURIComponent(name)
  const degrees = (value: number) => value.toFixed(6)
  return {
    amap: `https://uri.amap.com/navigation?to=${degrees(gcj.lon)},${degrees(gcj.lat)},${label}&mode=ride&coordinate=gaode&callnative=1&src=moshao`,
    // A marker and not a route: its route page wants the city's name, which a position does not tell.
    baidu: `https://api.map.baidu.com/marker?location=${degrees(bd.lat)},${degrees(bd.lon)}&title=${label}&content=${label}&coord_type=bd09ll&output=html&src=moshao`,
    tencent: `https://apis.map.qq.com/uri/v1/routeplan?type=bike&tocoord=${degrees(gcj.lat)},${degrees(gcj.lon)}&to=${label}&policy=0&referer=moshao`,
  }
}
