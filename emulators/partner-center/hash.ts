// Chance that is the same every time: everything invented hangs on the seed and a name.
export function hash(...parts: (string | number)[]): number {
  let value = 0x811c9dc5
  for (const part of parts) {
    const text = String(part)
    for (let at = 0; at < text.length; at += 1)
      value = Math.imul(value ^ text.charCodeAt(at), 0x01000193) >>> 0
    value = Math.imul(value ^ 0x1f, 0x01000193) >>> 0
  }
  value ^= value >>> 15
  return Math.imul(value, 0x2c1b3c6d) >>> 0
}

/** An id of so many characters of Microsoft's alphabet. */
export function codeOf(length: number, ...parts: (string | number)[]): string {
  let text = ''
  for (let at = 0; text.length < length; at += 1)
    text += hash(at, ...parts)
      .toString(36)
      .toUpperCase()
      .padStart(7, '0')
  return text.slice(0, length)
}

export function guidOf(...parts: (string | number)[]): string {
  const digits = [0, 1, 2, 3]
    .map((at) =>
      hash(at, ...parts)
        .toString(16)
        .padStart(8, '0'),
    )
    .join('')
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-8${digits.slice(17, 20)}-${digits.slice(20, 32)}`
}
