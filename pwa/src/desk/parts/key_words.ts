const SHOWN: Record<string, string> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Enter: '↵',
  Escape: 'Esc',
  Minus: '-',
  Equal: '+',
  Mod: 'Ctrl',
  Slash: '/',
  Space: '␣',
}

/** The caps of a binding, as they are drawn: 'Mod+A' → Ctrl, A. */
export function keyWords(keys: string): string[] {
  return keys.split('+').map((part) => SHOWN[part] ?? part)
}
