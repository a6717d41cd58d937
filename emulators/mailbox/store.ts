// The mails, in a file, so that a kill loses none that was accepted.
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'

export type StoredMail = {
  id: string
  message_id: string
  sender: string
  recipients: string
  envelope: string
  subject: string
  at: string
  text: string
  html: string
  raw: Uint8Array
  is_read: number
}

export type Mails = ReturnType<typeof openMails>

export function openMails(folder: string) {
  mkdirSync(folder, { recursive: true })
  const db = new DatabaseSync(path.join(folder, 'mailbox.sqlite'))
  db.exec(`
    pragma journal_mode = wal;
    create table if not exists mail (
      seq integer primary key autoincrement, id text not null unique, message_id text not null, sender text not null, recipients text not null,
      envelope text not null, subject text not null, at text not null, text text not null, html text not null, raw blob not null,
      is_read integer not null default 0)`)
  const run = (text: string, ...values: SQLInputValue[]) => db.prepare(text).run(...values)
  return {
    insert(mail: Omit<StoredMail, 'is_read'>): void {
      run(
        'insert into mail (id, message_id, sender, recipients, envelope, subject, at, text, html, raw) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
        mail.id,
        mail.message_id,
        mail.sender,
        mail.recipients,
        mail.envelope,
        mail.subject,
        mail.at,
        mail.text,
        mail.html,
        mail.raw,
      )
    },
    /** Newest first; `words` is looked for in recipients, sender and subject. */
    list(words: string, limit: number): StoredMail[] {
      const like = `%${words.replace(/[\\%_]/g, '\\$&')}%`
      return db
        .prepare(
          `select * from mail where recipients || ' ' || envelope || ' ' || sender || ' ' || subject like ? escape '\\' order by seq desc limit ?`,
        )
        .all(like, limit) as unknown as StoredMail[]
    },
    find: (id: string) =>
      db.prepare('select * from mail where id = ?').get(id) as unknown as StoredMail | undefined,
    markRead: (id: string) => void run('update mail set is_read = 1 where id = ?', id),
    clear: () => void run('delete from mail'),
    close: () => db.close(),
  }
}
