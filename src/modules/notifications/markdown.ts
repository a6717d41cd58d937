// Markdown as mail: one tree of tokens, walked once for HTML with inline styles and once for text that reads well.
import { Marked, type Token, type Tokens } from 'marked'
import { onColour } from './colour.ts'

type Restore = (text: string) => string

type Button = { type: 'button'; raw: string; label: string; href: string }

const reader = new Marked({
  gfm: true,
  breaks: true,
  extensions: [
    {
      name: 'button',
      level: 'block',
      start: (source) => /^\[\[button:/m.exec(source)?.index,
      tokenizer(source): Button | undefined {
        const found = /^\[\[button:[ \t]*([^|\n]+?)[ \t]*\|[ \t]*(\S*?)[ \t]*\]\][ \t]*(?:\n|$)/.exec(source)
        if (found) return { type: 'button', raw: found[0], label: found[1] ?? '', href: found[2] ?? '' }
        return undefined
      },
    },
  ],
})

export function parseMarkdown(source: string): Token[] {
  return reader.lexer(source)
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}

/** The address if it leads somewhere a mail may lead: the web or a mailbox. */
export function safeLink(href: string): string | undefined {
  const trimmed = href.trim()
  if (!URL.canParse(trimmed)) return undefined
  const url = new URL(trimmed)
  return ['http:', 'https:', 'mailto:'].includes(url.protocol) ? url.href : undefined
}

const paragraph = 'margin:0 0 16px'
const mono = "font-family:ui-monospace,'Cascadia Mono',Consolas,Menlo,monospace"

export function toHtml(tokens: readonly Token[], restore: Restore, colour: string): string {
  const show = (text: string) => escapeHtml(restore(text))
  const walk = (each: readonly Token[] | undefined): string => (each ?? []).map(one).join('')
  const linked = (href: string, inner: string, attributes: string) => {
    const safe = safeLink(restore(href))
    return safe ? `<a href="${escapeHtml(safe)}" ${attributes}>${inner}</a>` : inner
  }
  const lines = (text: string) => show(text).replaceAll('\n', '<br>')

  const button = ({ label, href }: Button) => {
    const style = `display:inline-block;padding:13px 26px;border-radius:8px;background:${colour};color:${onColour(colour)};font-weight:600;text-decoration:none`
    const inner = linked(href, show(label), `class="button" style="${style}"`)
    return `<table role="presentation" cellpadding="0" cellspacing="0" style="margin:8px 0 24px"><tr><td>${inner}</td></tr></table>`
  }
  const table = ({ header, rows }: Tokens.Table) => {
    const cells = (row: Tokens.TableCell[], tag: string) =>
      row.map((cell) => {
        const style = `padding:8px 12px 8px 0;text-align:${cell.align ?? 'left'};vertical-align:top`
        return `<${tag} class="rule" style="${style};border-bottom:1px solid #e4e7ec">${walk(cell.tokens)}</${tag}>`
      })
    const body = rows.map((row) => `<tr>${cells(row, 'td').join('')}</tr>`).join('')
    // A table whose head is empty is a list of facts; an empty row of heads would only be a gap.
    const head = header.some((cell) => cell.text.trim()) ? `<tr>${cells(header, 'th').join('')}</tr>` : ''
    return `<table cellpadding="0" cellspacing="0" style="width:100%;margin:0 0 20px;border-collapse:collapse">${head}${body}</table>`
  }
  const list = ({ ordered, start, items }: Tokens.List) => {
    const tag = ordered ? 'ol' : 'ul'
    const inner = items.map((item) => `<li style="margin:0 0 6px">${walk(item.tokens)}</li>`).join('')
    return `<${tag}${ordered && start !== 1 ? ` start="${Number(start)}"` : ''} style="margin:0 0 16px;padding-left:22px">${inner}</${tag}>`
  }

  function one(token: Token): string {
    switch (token.type) {
      case 'space':
      case 'def':
        return ''
      case 'button':
        return button(token as Button)
      case 'heading': {
        const level = Math.min(token.depth, 3)
        const size = [24, 19, 16][level - 1]
        return `<h${level} style="margin:${level === 1 ? 0 : 28}px 0 12px;font-size:${size}px;line-height:1.3;font-weight:700">${walk(token.tokens)}</h${level}>`
      }
      case 'paragraph':
        return `<p style="${paragraph}">${walk(token.tokens)}</p>`
      case 'blockquote':
        return `<blockquote class="quiet rule" style="margin:0 0 16px;padding-left:16px;border-left:3px solid #e4e7ec">${walk(token.tokens)}</blockquote>`
      case 'list':
        return list(token as Tokens.List)
      case 'table':
        return table(token as Tokens.Table)
      case 'code':
        return `<div class="box" style="margin:0 0 20px;padding:16px 18px;border:1px solid #d5dae3;border-radius:8px;background:#f4f6fa;${mono};font-size:17px;line-height:1.5;letter-spacing:.03em;word-break:break-word">${lines(token.text)}</div>`
      case 'hr':
        return '<hr class="rule" style="margin:24px 0;border:0;border-top:1px solid #e4e7ec">'
      case 'strong':
        return `<strong>${walk(token.tokens)}</strong>`
      case 'em':
        return `<em>${walk(token.tokens)}</em>`
      case 'del':
        return `<s>${walk(token.tokens)}</s>`
      case 'codespan':
        return `<code style="${mono};font-size:.95em">${show(token.text)}</code>`
      case 'br':
        return '<br>'
      case 'link':
        return linked(token.href, walk(token.tokens), 'class="link"')
      // Pictures by address tell the sender who reads; a mail shows their description instead.
      case 'image':
        return show(token.text)
      default:
        return 'tokens' in token && token.tokens
          ? walk(token.tokens)
          : lines('text' in token ? token.text : token.raw)
    }
  }
  return walk(tokens)
}

export function toText(tokens: readonly Token[], restore: Restore): string {
  const inline = (each: readonly Token[] | undefined): string => (each ?? []).map(run).join('')
  const linked = (href: string, label: string) => {
    const safe = safeLink(restore(href))
    if (!safe || restore(label) === safe || `mailto:${restore(label)}` === safe) return label
    return label ? `${label} (${safe.replace(/^mailto:/, '')})` : safe
  }
  function run(token: Token): string {
    if (token.type === 'br') return '\n'
    if (token.type === 'link') return linked(token.href, inline(token.tokens))
    if ('tokens' in token && token.tokens) return inline(token.tokens)
    return 'text' in token ? token.text : token.raw
  }
  const indented = (text: string, first: string) =>
    text
      .split('\n')
      .map((line, place) => (place === 0 ? first : ' '.repeat(first.length)) + line)
      .join('\n')
  const rowText = (cells: Tokens.TableCell[]) => {
    const [first = '', ...rest] = cells.map((cell) => inline(cell.tokens))
    return rest.length === 1 ? `${first}: ${rest[0]}` : [first, ...rest].join(' | ')
  }

  function blocks(each: readonly Token[]): string {
    return each.map(block).filter(Boolean).join('\n\n')
  }
  function block(token: Token): string {
    switch (token.type) {
      case 'space':
      case 'def':
        return ''
      case 'button': {
        const { label, href } = token as Button
        const safe = safeLink(restore(href))
        return safe ? `${label}:\n${safe}` : label
      }
      case 'heading': {
        const text = inline(token.tokens)
        return token.depth < 3 ? `${text}\n${'='.repeat(Math.min(60, restore(text).length))}` : text
      }
      case 'blockquote':
        return blocks(token.tokens ?? []).replace(/^/gm, '> ')
      case 'list': {
        const { items, ordered, start } = token as Tokens.List
        return items
          .map((item, place) => indented(blocks(item.tokens), ordered ? `${Number(start) + place}. ` : '- '))
          .join('\n')
      }
      case 'table': {
        const { header, rows } = token as Tokens.Table
        const head = header.length > 2 && header.some((cell) => cell.text.trim()) ? [rowText(header)] : []
        return [...head, ...rows.map(rowText)].join('\n')
      }
      case 'code':
        return restore(token.text).replace(/^/gm, '    ')
      case 'hr':
        return '-'.repeat(60)
      default:
        return run(token)
    }
  }
  return restore(blocks(tokens))
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
}
