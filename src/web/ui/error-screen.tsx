import { isRouteErrorResponse, Link, useRouteError } from 'react-router'
import { errorWords } from './error-words.ts'

/** What a page shows when it cannot be shown: a status in plain words, and a reference to ask about. Never a stack trace. */
export function ErrorScreen() {
  const error = useRouteError()
  const status = isRouteErrorResponse(error) ? error.status : 500
  const { title, advice } = errorWords(status)
  const { message, reference } = factsOf(isRouteErrorResponse(error) ? error.data : undefined)
  return (
    <div className="mx-auto grid max-w-lg gap-4 py-[8vh] text-center">
      <title>{title}</title>
      {status === 503 && <meta httpEquiv="refresh" content="10" />}
      <p className="text-sm font-semibold tracking-wide text-brand-text tabular-nums">{status}</p>
      <h1 className="text-3xl font-semibold tracking-[-0.02em] text-balance">{title}</h1>
      {message && status < 500 && <p className="font-medium">{message}</p>}
      {/* A missing right says the same already, and whom to ask. */}
      {!(message && status === 403) && <p className="text-muted">{advice}</p>}
      {reference && (
        <p className="text-sm text-muted">
          Reference <code className="rounded bg-sunken px-1.5 py-0.5 select-all">{reference}</code>
        </p>
      )}
      <p>
        <Link to="/" className="button" data-look="primary">
          To the start page
        </Link>
      </p>
    </div>
  )
}

function factsOf(data: unknown): { message?: string; reference?: string } {
  if (typeof data !== 'object' || data === null) return {}
  const { message, reference } = data as Record<string, unknown>
  return {
    ...(typeof message === 'string' ? { message } : {}),
    ...(typeof reference === 'string' ? { reference } : {}),
  }
}
