// The page for when there can be no page: the database is away before anybody is known, or a body is too large.
// Plain text of its own, with style attributes, because not even the style sheet may be needed.
import { errorWords } from './ui/error-words.ts'

export function errorPage(status: number, reference?: string): string {
  const { title, advice } = errorWords(status)
  const retry = status === 503 ? '<meta http-equiv="refresh" content="10">' : ''
  const named = reference && status >= 500 ? `<p style="color:GrayText">Reference ${reference}</p>` : ''
  return `<!doctype html><html lang="en" style="color-scheme:light dark"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">${retry}<title>${title}</title><link rel="icon" href="/favicon.svg"></head>
<body style="margin:0;min-height:100vh;display:grid;place-items:center;font:16px/1.5 Inter Variable,system-ui,sans-serif">
<main style="max-width:30rem;padding:2rem"><h1 style="font-size:1.75rem;line-height:1.2;margin:0 0 .75rem">${title}</h1><p>${advice}</p>${named}</main></body></html>`
}
