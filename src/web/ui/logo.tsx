/** The mark of Emporion: an E whose middle line ends in a coin. Takes the brand's colour. */
export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden="true" className="shrink-0">
      <rect width="32" height="32" rx="8" fill="var(--brand)" />
      <path
        d="M9 9.5h14M9 16h9.5M9 22.5h14"
        stroke="var(--brand-ink)"
        strokeWidth="3"
        strokeLinecap="round"
        fill="none"
      />
      <circle cx="23.5" cy="16" r="1.9" fill="var(--brand-ink)" />
    </svg>
  )
}

/** The company's own logo, or the mark with its name. */
export function Logo({ name, url }: { name: string; url?: string | undefined }) {
  if (url) return <img src={url} alt={name} className="h-8 w-auto" />
  return (
    <span className="flex min-w-0 items-center gap-2.5">
      <Mark />
      <span
        className={`line-clamp-2 min-w-0 font-semibold tracking-[-0.02em] break-words ${name.length > 20 ? 'text-[0.9375rem] leading-[1.2]' : 'text-[1.0625rem]'}`}
      >
        {name}
      </span>
    </span>
  )
}
