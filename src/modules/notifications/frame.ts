// What stands around every mail: the seller's name or logo above, the seller's particulars below. Written as tables with
// inline styles, because mail programs know little more; the style block only adds dark mode and narrow screens.
import { asColour, onDark, onWhite } from './colour.ts'
import { escapeHtml, safeLink } from './markdown.ts'

/** How the seller's mails look. Colours are `#rrggbb`. */
export type MailLook = {
  readonly sellerName: string
  readonly colour: string
  /** An address of a PNG or JPEG (mail programs show no SVG); without it the name is written. */
  readonly logoUrl?: string
  /** Company, street, registration: a line each. */
  readonly footer: readonly string[]
  readonly language: string
}

const fonts = "'Segoe UI',-apple-system,BlinkMacSystemFont,Roboto,'Helvetica Neue',Arial,sans-serif"

/** `content` is trusted HTML (made by toHtml); everything else is escaped here. */
export function frame({ title, content }: { title: string; content: string }, look: MailLook): string {
  const colour = asColour(look.colour)
  const logo = look.logoUrl === undefined ? undefined : safeLink(look.logoUrl)
  const name = escapeHtml(look.sellerName)
  const head = logo
    ? `<img src="${escapeHtml(logo)}" alt="${name}" height="36" style="display:block;height:36px;border:0">`
    : `<span class="brand" style="font-size:18px;font-weight:700;color:${onWhite(colour)}">${name}</span>`
  const footer = look.footer.map(escapeHtml).join('<br>')
  return `<!doctype html>
<html lang="${escapeHtml(look.language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(title)}</title>
<style>
:root{color-scheme:light dark;supported-color-schemes:light dark}
.link{color:${onWhite(colour)};text-decoration:underline}
@media (max-width:480px){.pad{padding-left:20px!important;padding-right:20px!important}.ground{padding:0!important}.card{border-radius:0!important;border-left:0!important;border-right:0!important}}
@media (prefers-color-scheme:dark){
.ground{background:#10141d!important}
.card{background:#1b2130!important;border-right-color:#313a4d!important;border-bottom-color:#313a4d!important;border-left-color:#313a4d!important;color:#eef1f6!important}
.brand,.link{color:${onDark(colour)}!important}
.box{background:#10141d!important;border-color:#414c63!important;color:#eef1f6!important}
.rule{border-color:#313a4d!important}
.quiet{color:#aab4c5!important}
}
</style>
</head>
<body class="ground" style="margin:0;padding:0;background:#eef1f5">
<table role="presentation" class="ground" width="100%" cellpadding="0" cellspacing="0" style="background:#eef1f5;padding:32px 12px"><tr><td align="center">
<table role="presentation" class="card" width="600" cellpadding="0" cellspacing="0" style="width:100%;max-width:600px;background:#ffffff;border:1px solid #dfe3ea;border-top:4px solid ${colour};border-radius:10px;color:#1b2130;font-family:${fonts};font-size:16px;line-height:1.55">
<tr><td class="pad" style="padding:26px 36px 0">${head}</td></tr>
<tr><td class="pad" style="padding:22px 36px 12px">${content}</td></tr>
<tr><td class="pad" style="padding:0 36px 28px"><div class="quiet rule" style="border-top:1px solid #e4e7ec;padding-top:16px;font-size:13px;line-height:1.5;color:#5b6678">${footer}</div></td></tr>
</table>
</td></tr></table>
</body>
</html>
`
}

/** The text part: the content, and the seller below the line that mail programs know as a signature's. */
export function textFrame(content: string, look: MailLook): string {
  return `${content}\n\n-- \n${[look.sellerName, ...look.footer.filter((line) => line !== look.sellerName)].join('\n')}\n`
}
