// White label: one colour chosen by a seller becomes the few that the pages use, each dark or light enough to be
// read (WCAG 2.2: 4.5 to 1 for text). The raw colour never carries text by itself.

type Rgb = readonly [number, number, number]

const white: Rgb = [255, 255, 255]
const ink: Rgb = [15, 18, 28]
const darkSurface: Rgb = [24, 27, 36]
/** Brand text also stands on the soft brand tint, which costs a little contrast; hence more than 4.5. */
const readable = 5.6

export type BrandTheme = Readonly<Record<`--${string}`, string>>

/** CSS variables for `<html style>`. An unreadable colour falls back to Emporion's own. */
export function brandTheme(colour = '#3b4fd8'): BrandTheme {
  const raw = rgb(colour) ?? [59, 79, 216]
  const onWhite = contrast(raw, white)
  const inkOn = onWhite >= 4.5 ? white : contrast(raw, ink) >= 4.5 ? ink : white
  const button = inkOn === white ? mixUntil(raw, ink, white, 4.5) : raw
  return {
    '--brand': hex(button),
    '--brand-strong': hex(mix(button, inkOn === white ? ink : white, 0.16)),
    '--brand-ink': hex(inkOn),
    '--brand-text-light': hex(mixUntil(raw, ink, white, readable)),
    '--brand-text-dark': hex(mixUntil(raw, white, darkSurface, readable)),
    '--brand-soft-light': hex(mix(raw, white, 0.92)),
    '--brand-soft-dark': hex(mix(raw, darkSurface, 0.84)),
  }
}

function rgb(colour: string): Rgb | undefined {
  const digits = /^#([0-9a-f]{6}|[0-9a-f]{3})$/i.exec(colour.trim())?.[1]
  if (!digits) return undefined
  const full = digits.length === 3 ? [...digits].map((digit) => digit + digit).join('') : digits
  const number = Number.parseInt(full, 16)
  return [number >> 16, (number >> 8) & 255, number & 255]
}

function hex(colour: Rgb): string {
  return `#${colour.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`
}

/** `share` of the way from one colour to the other. */
function mix(from: Rgb, to: Rgb, share: number): Rgb {
  const at = (index: 0 | 1 | 2) => from[index] + (to[index] - from[index]) * share
  return [at(0), at(1), at(2)]
}

function mixUntil(from: Rgb, to: Rgb, ground: Rgb, wanted: number): Rgb {
  for (let share = 0; share < 1; share += 0.04) {
    const colour = mix(from, to, share)
    if (contrast(colour, ground) >= wanted) return colour
  }
  return to
}

function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map((part) => {
    const value = part / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** WCAG contrast of two colours, 1 to 21. */
export function contrast(one: Rgb, other: Rgb): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}
