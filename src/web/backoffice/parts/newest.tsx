// The newest rows of a list, as a tab of a record shows them, with the way to all of them.
import type { ReactNode } from 'react'
import { LinkButton } from '#web/ui/button.tsx'
import { Section } from '#web/ui/page.tsx'
import { Table } from '#web/ui/table.tsx'
import type { NewestView } from '../list-view.ts'
import { Cell } from './list-desk.tsx'

export function Newest({
  view,
  hides,
  empty,
}: {
  view: NewestView
  /** A column that would say the same in every row. */
  hides?: string | undefined
  empty: ReactNode
}) {
  if (view.rows.length === 0) return empty
  const shown = view.columns.flatMap((column, index) => (column.name === hides ? [] : [{ ...column, index }]))
  return (
    <Section
      title={view.isMore ? `Newest ${view.title.toLowerCase()}` : view.title}
      actions={
        <LinkButton to={view.all} tone="plain" size="small">
          {view.isMore ? `All ${view.title.toLowerCase()}` : 'Search, filter, export'}
        </LinkButton>
      }
    >
      <Table
        caption={view.title}
        heads={shown.map(({ label }) => label)}
        numeric={shown.flatMap(({ isNumeric }, place) => (isNumeric ? [place] : []))}
        rows={view.rows.map(({ id, cells }) => ({
          key: id,
          cells: shown.map(({ name, index }) => {
            const cell = cells[index]
            return cell && (cell.text !== '' || cell.note) ? <Cell key={name} cell={cell} /> : ''
          }),
        }))}
      />
    </Section>
  )
}
