import { type ActionFunctionArgs, Link, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { cancelListExport } from '#flows/lists/export-list.ts'
import { viewExports } from '#views/lists/list-exports.ts'
import { deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import { momentDisplay, numberDisplay } from '#web/format.ts'
import { answerForm, done, textOf } from '#web/forms.ts'
import { PostButton } from '#web/ui/button.tsx'
import { FormNotice } from '#web/ui/notice.tsx'
import { Empty, Page } from '#web/ui/page.tsx'
import { AutoRefresh, Progress } from '#web/ui/progress.tsx'
import { Table } from '#web/ui/table.tsx'
import { State } from '../parts/state.tsx'
import { useAnswer } from '../use-answer.ts'

export const meta = () => [{ title: 'Exports' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const rows = (await viewExports(app.db, actor)).items.map((each) => ({
    id: each.id,
    title: each.title,
    path: `/${each.list}${each.query ? `?${each.query}` : ''}`,
    format: each.format.toUpperCase(),
    state: each.state,
    problem: each.problem,
    written: each.rowsWritten,
    expected: each.rowsExpected,
    rows: numberDisplay(each.rowsWritten),
    size: sizeDisplay(each.bytes),
    asked: momentDisplay(each.createdAt),
  }))
  return { rows }
}

function sizeDisplay(bytes: bigint): string {
  const kilobytes = Number(bytes) / 1000
  return kilobytes < 1000 ? `${Math.ceil(kilobytes)} kB` : `${(kilobytes / 1000).toFixed(1)} MB`
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formAtDesk(args)
  return answerForm(form, async () => {
    await cancelListExport(app, actor, { exportId: textOf(form, 'id') as never })
    return done('/exports', 'The export is cancelled.')
  })
}

export default function Exports() {
  const { rows } = useLoaderData<typeof loader>()
  const { state } = useAnswer()
  const isMoving = rows.some((row) => row.state === 'waiting' || row.state === 'running')
  return (
    <Page title="Exports" lead="Lists written into files for you; each can be downloaded for seven days">
      <AutoRefresh isOn={isMoving} />
      <FormNotice state={state} />
      {rows.length === 0 ? (
        <Empty title="No exports yet">Any list can be written into a file: choose Export above it.</Empty>
      ) : (
        <Table
          caption="Exports"
          heads={['List', 'File', 'State', 'Rows', 'Size', 'Asked for', '']}
          numeric={[3, 4]}
          rows={rows.map((row) => ({
            key: row.id,
            cells: [
              <Link key="t" to={row.path}>
                {row.title}
              </Link>,
              row.format,
              row.state === 'running' ? (
                <Progress
                  key="p"
                  label="Being written"
                  done={row.written}
                  {...(row.expected !== undefined && { of: row.expected })}
                />
              ) : (
                <span key="s">
                  <State>{row.state}</State>
                  {row.problem && (
                    <span className="mt-1 block text-[0.9286em] text-muted">{row.problem}</span>
                  )}
                </span>
              ),
              row.state === 'ready' || row.state === 'running' ? row.rows : '',
              row.state === 'ready' ? row.size : '',
              row.asked,
              row.state === 'ready' ? (
                <Link
                  key="d"
                  reloadDocument
                  to={`/exports/${row.id}/file`}
                  className="button"
                  data-size="small"
                  aria-label={`Download ${row.title} as ${row.format}`}
                >
                  Download
                </Link>
              ) : row.state === 'waiting' || row.state === 'running' ? (
                <PostButton key="c" intent="cancel" size="small" fields={{ id: row.id }}>
                  Cancel
                </PostButton>
              ) : (
                ''
              ),
            ],
          }))}
        />
      )}
    </Page>
  )
}
