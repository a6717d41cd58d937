// Accounts from a file: where it is sent, what its columns mean, and the imports there were.
import {
  type ActionFunctionArgs,
  Form,
  Link,
  type LoaderFunctionArgs,
  redirect,
  useHref,
  useLoaderData,
} from 'react-router'
import { MOST_IMPORT_BYTES, receiveAccountImport } from '#flows/accounts/receive-import.ts'
import { takeFile } from '#flows/api/take-file.ts'
import { invalid } from '#kernel/failure.ts'
import { IMPORT_LIFE_DAYS, importFields } from '#modules/accounts'
import { browseAccountImports } from '#views/accounts/account-imports.ts'
import { askedOf, deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import { columnsShown, importItem, isMoving } from '#web/backoffice/import-shown.ts'
import { answerForm } from '#web/forms.ts'
import { Actions, Submit } from '#web/ui/button.tsx'
import { Field } from '#web/ui/field.tsx'
import { FormNotice } from '#web/ui/notice.tsx'
import { Card, Columns, Empty, Fold, Page, Section } from '#web/ui/page.tsx'
import { AutoRefresh } from '#web/ui/progress.tsx'
import { List, Table } from '#web/ui/table.tsx'
import { State } from '../parts/state.tsx'
import { useAnswer } from '../use-answer.ts'

export const meta = () => [{ title: 'Import accounts' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const { cursor } = askedOf(args.url)
  const page = await browseAccountImports(app.db, actor, { cursor, limit: 20 })
  return {
    imports: page.items.map(importItem),
    isMoving: page.items.some(isMoving),
    nextCursor: page.nextCursor,
    columns: columnsShown(importFields),
    keptDays: IMPORT_LIFE_DAYS,
  }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formAtDesk(args)
  return answerForm(form, async () => {
    const file = form.get('file')
    if (!(file instanceof File) || file.size === 0)
      throw invalid({ pointer: '/file', code: 'required', message: 'Choose a file first.' })
    const kept = await takeFile(file.stream(), MOST_IMPORT_BYTES)
    try {
      const made = await receiveAccountImport(app, actor, {
        path: kept.path,
        bytes: kept.bytes,
        fileName: file.name,
      })
      return redirect(`/accounts/import/${made.id}`, 303)
    } finally {
      await kept.remove()
    }
  })
}

export default function AccountImports() {
  const it = useLoaderData<typeof loader>()
  const { state } = useAnswer()
  const templates = useHref('/accounts/import/template')
  return (
    <Page
      title="Import accounts"
      lead="Resellers, their customers and direct customers from a file. Nothing is changed before you have seen what it would do."
      crumbs={[{ to: '/accounts', label: 'Accounts' }]}
    >
      <AutoRefresh isOn={it.isMoving} />
      <Columns
        aside={
          <Card title="Template">
            <p className="text-muted">
              All columns, with two rows that show how they are meant. Columns you do not need can be left
              out; their order does not matter.
            </p>
            <Actions>
              <a className="button" href={`${templates}/xlsx`} download>
                Excel (XLSX)
              </a>
              <a className="button" href={`${templates}/csv`} download>
                CSV
              </a>
            </Actions>
          </Card>
        }
      >
        <Card title="Send a file">
          <FormNotice state={state} />
          <Form method="post" encType="multipart/form-data" className="grid gap-4">
            <Field
              label="File"
              name="file"
              type="file"
              accept=".csv,.txt,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
              hint="XLSX, or CSV in UTF-8 with commas, semicolons or tabs; up to 50,000 rows. Of a workbook the first sheet is read."
              state={state}
            />
            <Actions>
              <Submit name="intent" value="upload" pendingText="Sending…">
                Check the file
              </Submit>
            </Actions>
          </Form>
        </Card>
        <Fold title="What the columns hold">
          <p className="text-muted">
            The first row names the columns. A row with the number or the external reference of an account
            changes that account: an empty cell leaves a field as it is, a dash (-) empties it. Any other row
            makes a new account, by the rules of the form.
          </p>
          <Table
            caption="Columns"
            heads={['Column', 'What it holds']}
            rows={it.columns.map(({ name, about }) => ({ key: name, cells: [name, about] }))}
          />
        </Fold>
        <Section title="Imports">
          <p className="text-muted">An import is kept for {it.keptDays} days; the accounts stay.</p>
          <List
            caption="Imports"
            heads={['File', 'State', 'Rows', 'Created', 'Changed', 'Wrong', 'Sent by', 'Sent']}
            numeric={[2, 3, 4, 5]}
            nextCursor={it.nextCursor}
            empty={
              <Empty title="No imports yet">Files you send are listed here with what became of them.</Empty>
            }
            rows={it.imports.map((each) => ({
              key: each.id,
              cells: [
                <Link key="to" to={`/accounts/import/${each.id}`}>
                  {each.fileName}
                </Link>,
                <State key="state">{each.state}</State>,
                each.rows,
                each.made,
                each.changed,
                each.wrong,
                each.by,
                each.received,
              ],
            }))}
          />
        </Section>
      </Columns>
    </Page>
  )
}
