// Where somebody of the seller's is signed in, on their page and on their own.
import { Badge } from '#web/ui/badge.tsx'
import { PostButton } from '#web/ui/button.tsx'
import { Card } from '#web/ui/page.tsx'
import { Table } from '#web/ui/table.tsx'
import type { SessionShown } from '../session-shown.ts'

/** `ending` are the words of the button that ends what there is to end. */
export function Sessions({
  sessions,
  canEnd,
  ending,
}: {
  sessions: readonly SessionShown[]
  canEnd: boolean
  ending: string
}) {
  return (
    <Card
      title="Signed in"
      actions={
        canEnd && (
          <PostButton intent="end-sessions" size="small">
            {ending}
          </PostButton>
        )
      }
    >
      {sessions.length === 0 ? (
        <p className="text-muted">Nowhere at the moment.</p>
      ) : (
        <Table
          caption="Sessions"
          heads={['Since', 'Last seen', 'Address', 'Browser']}
          rows={sessions.map(({ key, since, seen, from, agent, isThis }) => ({
            key,
            cells: [
              <span key="s">
                {since} {isThis && <Badge tone="info">This one</Badge>}
              </span>,
              seen,
              from,
              <span key="a" className="text-[0.9286em] text-muted">
                {agent}
              </span>,
            ],
          }))}
        />
      )}
    </Card>
  )
}
