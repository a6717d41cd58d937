// What a line of text may hold.
import type { FieldFault } from './failure.ts'

/**
 * What breaks a line or cannot be seen: in no name, address or reference. Among it are the signs that turn text around (U+202E shows
 * `gpj.exe` as `exe.jpg`); the two joiners of Indic and Persian words and of emoji are none of it.
 */
const unseen =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/

export function holdsControl(text: string): boolean {
  return unseen.test(text)
}

/** What is wrong with one line of text; `name` begins the sentence. */
export function lineFaults(text: string, pointer: string, name: string): FieldFault[] {
  const sign = unseen.exec(text)?.[0]
  if (sign === undefined) return []
  const code = `U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
  const message = /[\n\r\t\u2028\u2029]/.test(sign)
    ? `${name} must be one line of plain text.`
    : `${name} holds a sign that cannot be seen (${code}). Type it anew instead of copying it.`
  return [{ pointer, code: 'control-characters', message }]
}
