// A seller's colour as mails need it: readable text on it, and a tint of it for dark backgrounds.

function channels(colour: string): [number, number, number] {
  const hex = /^#([0-9a-f]{6})$/i.exec(colour)?.[1] ?? '1f4fd8'
  const value = Number.parseInt(hex, 16)
  return [value >> 16, (value >> 8) & 255, value & 255]
}

/** Relative luminance as WCAG 2 defines it, 0 to 1. */
function luminance(colour: string): number {
  const [r, g, b] = channels(colour).map((channel) => {
    const share = channel / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** Black or white, whichever reads better on the colour. */
export function onColour(colour: string): string {
  return luminance(colour) > 0.179 ? '#000000' : '#ffffff'
}

/** A well-formed `#rrggbb`, ours where the seller gave none. */
export function asColour(colour: string): string {
  return `#${channels(colour).map(hex).join('')}`
}

/** The colour mixed with white until it reads on a dark ground (4.5:1 on #1b2130, whose luminance is 0.015). */
export function onDark(colour: string): string {
  for (let white = 0; white <= 1; white += 0.1) {
    const mixed = `#${channels(colour)
      .map((channel) => hex(Math.round(channel + (255 - channel) * white)))
      .join('')}`
    if ((luminance(mixed) + 0.05) / 0.065 >= 4.5) return mixed
  }
  return '#ffffff'
}

/** The colour mixed with black until it reads on white. */
export function onWhite(colour: string): string {
  for (let black = 0; black <= 1; black += 0.1) {
    const mixed = `#${channels(colour)
      .map((channel) => hex(Math.round(channel * (1 - black))))
      .join('')}`
    if (1.05 / (luminance(mixed) + 0.05) >= 4.5) return mixed
  }
  return '#000000'
}

function hex(channel: number): string {
  return channel.toString(16).padStart(2, '0')
}
