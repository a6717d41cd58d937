/** The filter of a list of price rules. */
export const ruleStateLinks = [
  { value: 'in force', label: 'In force' },
  { value: 'planned', label: 'Planned' },
  { value: 'ended', label: 'Ended' },
] as const
