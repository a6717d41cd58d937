/** How long the other side asked us to wait: seconds, or a moment in HTTP's own form. */
export function retryAfterMs(response: Response, at: Temporal.Instant): number | undefined {
  const text = response.headers.get('retry-after')
  if (text === null || text.trim() === '') return undefined
  const seconds = Number(text)
  if (Number.isFinite(seconds)) return Math.max(0, Math.round(seconds * 1000))
  const moment = Date.parse(text)
  return Number.isNaN(moment) ? undefined : Math.max(0, moment - at.epochMilliseconds)
}
