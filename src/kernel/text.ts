// What a line of text may hold.

/** What breaks a line or cannot be seen: in no name, address or reference. */
const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/

export function holdsControl(text: string): boolean {
  return control.test(text)
}
