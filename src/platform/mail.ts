// The door to the mail server. One call sends one message; whether it is sent again is for the caller's job to decide.
import { createTransport, type Transporter } from 'nodemailer'
import { Outage, Refusal } from '#kernel/failure.ts'

export type MailServer = {
  /** `smtp://user:password@host:port` or `smtps://…`, in place of the separate fields. */
  url?: string
  host?: string
  port?: number
  user?: string
  password?: string
  /** TLS from the first byte (port 465). Otherwise STARTTLS is used where the server offers it. */
  secure?: boolean
  /** Sender of every message, `name@example.com` or `Name <name@example.com>`; undefined: each names its own. */
  from?: string | undefined
}

export type Attachment = { filename: string; content: Uint8Array; contentType: string; cid?: string }

export type Message = {
  /** Named for the message's cause, so that a second copy can be recognised: `<id@host>`. */
  messageId: string
  /** For where the mail server has no sender of its own. */
  from?: { readonly name: string; readonly address: string }
  to: readonly string[]
  cc?: readonly string[]
  bcc?: readonly string[]
  replyTo?: string
  subject: string
  html: string
  text: string
  attachments?: readonly Attachment[]
  headers?: Readonly<Record<string, string>>
}

/** What the server said. `rejected` as an outcome means for good: nobody got the message and nobody will. */
export type Delivery = {
  outcome: 'accepted' | 'rejected'
  response: string
  accepted: string[]
  /** Addresses the server refused; may be some of them although the message was accepted. */
  rejected: string[]
}

export type Mailer = {
  /** Throws an Outage when trying again later may help, a Refusal when the message itself cannot be sent. */
  send(message: Message): Promise<Delivery>
  /** Connects and logs in without sending. Throws an Outage that says what went wrong. */
  verify(): Promise<void>
  close(): void
}

const idleMs = 15_000

export function openMailer(server: MailServer): Mailer {
  const sender = server.from === undefined ? undefined : mailAddress(server.from)
  let transport: Transporter | undefined
  let underWay = 0
  let idleTimer: NodeJS.Timeout | undefined

  // The pool keeps its connections for as long as it lives, so an idle pool is closed and a new one opened when needed.
  async function using<T>(act: (transport: Transporter) => Promise<T>): Promise<T> {
    clearTimeout(idleTimer)
    transport ??= connect(server)
    underWay++
    try {
      return await act(transport)
    } finally {
      underWay--
      if (underWay === 0) {
        idleTimer = setTimeout(close, idleMs)
        idleTimer.unref()
      }
    }
  }

  function close(): void {
    clearTimeout(idleTimer)
    transport?.close()
    transport = undefined
  }

  return {
    close,
    verify: () =>
      using(async (transport) => {
        await transport.verify().catch((error: SmtpError) => {
          throw new Outage(`The mail server cannot be used: ${error.message}`, { cause: error })
        })
      }),
    send: async (message) => {
      const envelope = assertSendable(message, sender)
      return using(async (transport) => {
        try {
          const sent = await transport.sendMail(envelope)
          return {
            outcome: 'accepted',
            response: sent.response ?? '',
            accepted: names(sent.accepted),
            rejected: names(sent.rejected),
          }
        } catch (error) {
          return rejectionIn(error as SmtpError)
        }
      })
    },
  }
}

function connect({ url, host, port, user, password, secure }: MailServer): Transporter {
  const place = url
    ? fromUrl(url)
    : { host, port, secure, auth: user ? { user, pass: password ?? '' } : undefined }
  return createTransport({
    ...place,
    pool: true,
    maxConnections: 3,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 30_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
}

function fromUrl(text: string) {
  const url = new URL(text)
  const secure = url.protocol === 'smtps:'
  const auth = url.username
    ? { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) }
    : undefined
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port) || (secure ? 465 : 587),
    secure,
    auth,
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const control = /[\u0000-\u001f\u007f\u2028\u2029]/

/** Parts of `name@example.com` or `Name <name@example.com>`; one mailbox, never a list. */
export function mailAddress(text: string): { name: string; address: string } {
  const parts = control.test(text) ? null : /^(?:\s*"?([^<>"]*?)"?\s*<([^<>]+)>|([^<>]+))\s*$/.exec(text)
  const address = (parts?.[2] ?? parts?.[3] ?? '').trim()
  // No quoted local parts, no list, no route: what mail servers and people agree on.
  if (
    address.length > 254 ||
    !/^[^\s@,;:<>()[\]"\\]{1,64}@[^\s@,;:<>()[\]"\\]+\.?[^\s@,;:<>()[\]"\\]+$/u.test(address)
  )
    throw new Refusal(
      'mail/bad-address',
      `"${text.replace(/\s+/g, ' ').slice(0, 80)}" is not an e-mail address.`,
    )
  return { name: parts?.[1] ?? '', address }
}

/** Values of header fields may not break the line: what follows would be a field of the sender's choosing. */
function assertOneLine(field: string, value: string): string {
  if (control.test(value))
    throw new Refusal('mail/bad-header', `The ${field} of a mail may not contain a line break.`)
  return value
}

function assertSendable(message: Message, configured: { name: string; address: string } | undefined) {
  const { to, cc = [], bcc = [], attachments = [] } = message
  if (to.length + cc.length + bcc.length === 0)
    throw new Refusal('mail/no-recipient', 'The mail has no recipient.')
  const own = message.from && {
    name: assertOneLine('sender', message.from.name),
    address: mailAddress(message.from.address).address,
  }
  const sender = configured ?? own
  if (!sender) throw new Refusal('mail/no-sender', 'The mail has no sender.')
  const headers: Record<string, string> = { 'Auto-Submitted': 'auto-generated' }
  for (const [name, value] of Object.entries(message.headers ?? {})) {
    if (!/^[A-Za-z0-9-]+$/.test(name))
      throw new Refusal('mail/bad-header', `"${name}" cannot name a mail header.`)
    headers[name] = assertOneLine(name, value)
  }
  return {
    messageId: assertOneLine('message id', message.messageId),
    from: sender,
    to: to.map(mailAddress),
    cc: cc.map(mailAddress),
    bcc: bcc.map(mailAddress),
    ...(message.replyTo && { replyTo: mailAddress(message.replyTo) }),
    subject: assertOneLine('subject', message.subject),
    html: message.html,
    text: message.text,
    headers,
    attachments: attachments.map(({ filename, content, contentType, cid }) => ({
      filename: assertOneLine('file name', filename),
      content: Buffer.from(content),
      contentType: assertOneLine('content type', contentType),
      ...(cid && { cid }),
    })),
  }
}

type SmtpError = Error & {
  command?: string
  responseCode?: number
  response?: string
  rejected?: string[]
  rejectedErrors?: SmtpError[]
}

/**
 * A 5xx answer to the message or its recipients is for good. Everything else may pass: no connection, a 4xx, and also a
 * refused login (530, 534, 535, 538), which is our configuration's fault and not the message's.
 */
function rejectionIn(error: SmtpError): Delivery {
  const answers = error.rejectedErrors?.length ? error.rejectedErrors : [error]
  const isForGood = answers.every(({ command = error.command, responseCode = 0 }) => {
    const isAboutMessage = /^(MAIL FROM|RCPT TO|DATA)/.test(command ?? '')
    return isAboutMessage && responseCode >= 500 && ![530, 534, 535, 538].includes(responseCode)
  })
  if (!isForGood)
    throw new Outage(`The mail server did not take the message: ${error.message}`, { cause: error })
  const rejected = names(error.rejected)
  return { outcome: 'rejected', response: error.response ?? error.message, accepted: [], rejected }
}

function names(addresses: readonly (string | { address: string })[] = []): string[] {
  return addresses.map((each) => (typeof each === 'string' ? each : each.address))
}
