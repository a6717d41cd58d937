export type Tone = 'neutral' | 'info' | 'success' | 'warning' | 'danger'

/** Ground and text of a tone; each pair holds 4.5 to 1 in both looks. */
export const toneClass: Readonly<Record<Tone, string>> = {
  neutral: 'bg-sunken text-muted',
  info: 'bg-note-soft text-note',
  success: 'bg-good-soft text-good',
  warning: 'bg-warn-soft text-warn',
  danger: 'bg-bad-soft text-bad',
}

/** Text that stands back. */
export const muted = 'text-muted'
