// The page: mails on the left, the opened one on the right, as a mail client shows them. Works without scripts.
import type { StoredMail } from './store.ts'

export const escaped = (text: string) =>
  text.replace(
    /[&<>"']/g,
    (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[sign] ?? sign,
  )

const addresses = (mail: StoredMail) => {
  const { to, cc } = JSON.parse(mail.recipients) as { to: string[]; cc: string[] }
  return { to: to.join(', '), cc: cc.join(', ') }
}

const style = `
:root{color-scheme:light dark;--ink:light-dark(#16202e,#e8ecf2);--soft:light-dark(#5b6778,#a3afbf);--line:light-dark(#dfe4ea,#2c3644);--ground:light-dark(#f6f7f9,#10161e);--card:light-dark(#fff,#18202b);--mark:light-dark(#1d4fd7,#8fb0ff);--chosen:light-dark(#eaf0ff,#1f2c47)}
*{box-sizing:border-box}body{margin:0;font:15px/1.5 Inter,system-ui,sans-serif;color:var(--ink);background:var(--ground)}
a{color:inherit;text-decoration:none}header{display:flex;gap:1rem;align-items:center;padding:.75rem 1.25rem;border-bottom:1px solid var(--line);background:var(--card);flex-wrap:wrap}
h1{font-size:1.05rem;margin:0}form{margin:0;display:flex;gap:.5rem}input,button{font:inherit;color:inherit;padding:.45rem .7rem;border:1px solid var(--line);border-radius:8px;background:var(--ground);min-height:2.4rem}
button{cursor:pointer}:focus-visible{outline:3px solid var(--mark);outline-offset:2px}.grow{flex:1}
.both{display:grid;grid-template-columns:minmax(18rem,26rem) 1fr;height:calc(100vh - 4.2rem)}nav{overflow:auto;border-right:1px solid var(--line);background:var(--card)}
nav ul{list-style:none;margin:0;padding:0}nav a{display:block;padding:.75rem 1.25rem;border-bottom:1px solid var(--line)}nav a[aria-current]{background:var(--chosen)}
nav .who{display:flex;justify-content:space-between;gap:1rem;color:var(--soft);font-size:.85rem}nav .unread strong::before{content:"";display:inline-block;width:.55rem;height:.55rem;border-radius:50%;background:var(--mark);margin-right:.5rem}
nav strong{display:block;font-weight:600;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}main{overflow:auto;padding:1.5rem}
main h2{margin:0 0 .75rem;font-size:1.3rem}dl{display:grid;grid-template-columns:auto 1fr;gap:.15rem 1rem;margin:0 0 1rem;font-size:.9rem}dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
.tabs{display:flex;gap:.5rem;margin-bottom:1rem}.tabs a{padding:.35rem .8rem;border-radius:999px;border:1px solid var(--line)}.tabs a[aria-current]{background:var(--chosen);border-color:var(--mark)}
iframe{width:100%;height:70vh;border:1px solid var(--line);border-radius:12px;background:#fff}pre{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--card);border:1px solid var(--line);border-radius:12px;padding:1rem;margin:0}
.empty{color:var(--soft);padding:2rem 1.25rem}.back{display:none}
@media (max-width:48rem){.both{display:block;height:auto}.open nav{display:none}.both:not(.open) main{display:none}nav{border:0}.back{display:inline-block;margin-bottom:1rem;color:var(--mark)}}`

export function mailboxPage(
  list: readonly StoredMail[],
  open: StoredMail | undefined,
  view: string,
  words: string,
): string {
  const query = words ? `?q=${encodeURIComponent(words)}` : ''
  const rows = list.map(
    (
      mail,
    ) => `<li><a href="/mails/${mail.id}${query}" class="${mail.is_read ? '' : 'unread'}"${open?.id === mail.id ? ' aria-current="page"' : ''}>
<span class="who"><span>${escaped(addresses(mail).to)}</span><time datetime="${mail.at}">${mail.at.slice(11, 16)}</time></span><strong>${escaped(mail.subject || '(no subject)')}</strong></a></li>`,
  )
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${open ? escaped(open.subject) : `Mailbox (${list.length})`}</title>${open ? '' : '<meta http-equiv="refresh" content="5">'}<style>${style}</style></head><body>
<header><h1><a href="/">Local mailbox</a></h1><form role="search" action="/" method="get" class="grow"><input type="search" name="q" value="${escaped(words)}" aria-label="Search recipients and subjects" placeholder="Search recipients and subjects" class="grow"><button>Search</button></form>
<form action="/clear" method="post"><button>Delete all</button></form></header>
<div class="both${open ? ' open' : ''}"><nav aria-label="Mails" tabindex="0">${rows.length ? `<ul>${rows.join('')}</ul>` : '<p class="empty">No mails yet. What the shop sends arrives here.</p>'}</nav>
<main tabindex="0">${open ? opened(open, view) : '<p class="empty">Choose a mail to read it.</p>'}</main></div></body></html>`
}

function opened(mail: StoredMail, view: string): string {
  const { to, cc } = addresses(mail)
  const tab = (name: string, label: string) =>
    `<a href="/mails/${mail.id}?view=${name}"${view === name ? ' aria-current="page"' : ''}>${label}</a>`
  const body =
    view === 'source'
      ? `<pre>${escaped(Buffer.from(mail.raw).toString('utf8'))}</pre>`
      : view === 'text' || !mail.html
        ? `<pre>${escaped(mail.text)}</pre>`
        : `<iframe title="The mail" sandbox="allow-popups" src="/mails/${mail.id}/html"></iframe>`
  const row = (name: string, value: string) => (value ? `<dt>${name}</dt><dd>${escaped(value)}</dd>` : '')
  return `<a class="back" href="/">← All mails</a><h2>${escaped(mail.subject || '(no subject)')}</h2>
<dl>${row('From', mail.sender)}${row('To', to)}${row('Cc', cc)}${row('Delivered to', (JSON.parse(mail.envelope) as string[]).join(', '))}${row('At', mail.at)}</dl>
<div class="tabs">${tab('html', 'HTML')}${tab('text', 'Text')}${tab('source', 'Source')}</div>${body}`
}
