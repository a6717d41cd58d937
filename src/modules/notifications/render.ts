// Subject, HTML and text of a mail from a template and its values.
//
// A value must show as it is, whatever it contains: a company may be called `<b>*x*` or `[a](http://evil)`. So Liquid
// puts a mark in each value's place, Markdown is read with the marks in it, and the values take their places last,
// escaped for where they stand.
import { Refusal } from '#kernel/failure.ts'
import { asColour } from './colour.ts'
import { frame, type MailLook, textFrame } from './frame.ts'
import { parseMarkdown, toHtml, toText } from './markdown.ts'
import {
  liquid,
  liquidFault,
  type NotificationTemplate,
  type NotificationValues,
  parseTemplate,
  templateRefusal,
} from './template.ts'

export type RenderedMail = { readonly subject: string; readonly html: string; readonly text: string }

/** Refuses with `notification/bad-template` (field, line, known variables) what the template does wrong. */
export function renderNotification(
  template: Pick<NotificationTemplate, 'subject' | 'body'>,
  values: NotificationValues,
  look: MailLook,
): RenderedMail {
  const subject = oneLine(fill('subject', template.subject, values, String))
  if (subject === '')
    throw new Refusal('notification/empty-subject', 'The subject of the mail comes out empty.')

  const shown: string[] = []
  const marked = fill('body', template.body, values, (value) => `\uE000${shown.push(value) - 1}\uE001`)
  const restore = (text: string) =>
    text.replace(/\uE000(\d+)\uE001/g, (_mark, place: string) => shown[Number(place)] ?? '')
  const tree = parseMarkdown(marked)
  return {
    subject,
    html: frame({ title: subject, content: toHtml(tree, restore, asColour(look.colour)) }, look),
    text: textFrame(toText(tree, restore), look),
  }
}

function fill(
  field: 'subject' | 'body',
  source: string,
  values: NotificationValues,
  place: (value: string) => string,
): string {
  const known = namesIn(values)
  const engine = liquid((value) => place(value === undefined || value === null ? '' : clean(String(value))))
  const parsed = parseTemplate(engine, field, clean(source), known)
  try {
    return String(engine.renderSync(parsed, values))
  } catch (error) {
    throw templateRefusal({ field, ...liquidFault(error) }, known)
  }
}

function namesIn(values: NotificationValues): string[] {
  return Object.entries(values).flatMap(([group, value]) =>
    typeof value === 'string' ? [group] : Object.keys(value).map((name) => `${group}.${name}`),
  )
}

/** Without our marks and without control characters other than tab and line break. */
function clean(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what goes
  return text.replace(/\r\n?/g, '\n').replace(/[\u0000-\u0008\u000b-\u001f\u007f\uE000\uE001]/g, '')
}

function oneLine(text: string): string {
  return text.replace(/[\s\u2028\u2029]+/g, ' ').trim()
}
