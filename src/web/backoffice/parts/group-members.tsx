// The plans of a product group in the order of its page: added by a search, moved by buttons, which need no scripts and no mouse.
import { ArrowDown, ArrowUp, X } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { Form, Link } from 'react-router'
import { Actions, Button, IconButton } from '#web/ui/button.tsx'
import { Combobox, type Found } from '#web/ui/combobox.tsx'
import { Field } from '#web/ui/field.tsx'
import type { FormState } from '#web/ui/form-state.ts'
import { FormNotice } from '#web/ui/notice.tsx'
import { Card } from '#web/ui/page.tsx'
import { useHydrated } from '#web/ui/use-hydrated.ts'
import { State } from './state.tsx'

type Member = {
  readonly id: string
  readonly productId: string
  readonly name: string
  readonly about: string
  /** Why buyers cannot have it. */
  readonly trouble: string | undefined
}

export function GroupMembers({
  group,
  state,
}: {
  group: { readonly members: readonly Member[]; readonly find: string; readonly found: readonly Found[] }
  state: FormState | undefined
}) {
  const { members } = group
  const list = useKeptFocus(members.map(({ id }) => id).join())
  return (
    <Card title="Plans">
      <FormNotice state={state} />
      {members.length === 0 ? (
        <p className="text-muted">No plans yet. A group needs at least one to be published.</p>
      ) : (
        <ol ref={list} className="divide-y divide-line rounded-lg border border-line">
          {members.map((member, index) => (
            <li key={member.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-3 py-2">
              <span className="w-6 text-right text-muted tabular-nums">{index + 1}</span>
              <span className="min-w-0 flex-1 basis-56">
                <Link to={`/products/${member.productId}`} className="font-medium">
                  {member.name}
                </Link>
                <span className="block text-[0.9286em] text-muted">{member.about}</span>
              </span>
              {member.trouble && <State>{member.trouble}</State>}
              <MemberSteps member={member} isFirst={index === 0} isLast={index === members.length - 1} />
            </li>
          ))}
        </ol>
      )}
      <AddPlan {...group} state={state} />
    </Card>
  )
}

function MemberSteps({ member, isFirst, isLast }: { member: Member; isFirst: boolean; isLast: boolean }) {
  const what = `${member.name}, ${member.about}`
  return (
    <Form method="post" className="flex gap-0.5" preventScrollReset>
      <input type="hidden" name="planId" value={member.id} />
      <IconButton
        label={`Move up: ${what}`}
        name="intent"
        value="up"
        disabled={isFirst}
        data-step={`up ${member.id}`}
      >
        <ArrowUp size={16} aria-hidden="true" />
      </IconButton>
      <IconButton
        label={`Move down: ${what}`}
        name="intent"
        value="down"
        disabled={isLast}
        data-step={`down ${member.id}`}
      >
        <ArrowDown size={16} aria-hidden="true" />
      </IconButton>
      <IconButton label={`Take out: ${what}`} name="intent" value="remove">
        <X size={16} aria-hidden="true" />
      </IconButton>
    </Form>
  )
}

/** A row that moves keeps the keyboard where it was: on its button, or on the other one at an end of the list. */
function useKeptFocus(order: string) {
  const list = useRef<HTMLOListElement>(null)
  const pressed = useRef<string>(undefined)
  useEffect(() => {
    const watch = (event: Event) => {
      if (event.target instanceof Element)
        pressed.current = event.target.closest('[data-step]')?.getAttribute('data-step') ?? undefined
    }
    const { current } = list
    current?.addEventListener('click', watch)
    return () => current?.removeEventListener('click', watch)
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new order is when a row has moved
  useEffect(() => {
    const [way, id] = pressed.current?.split(' ') ?? []
    pressed.current = undefined
    if (!way || !id) return
    const other = way === 'up' ? 'down' : 'up'
    const buttons = [way, other].map((each) =>
      list.current?.querySelector<HTMLButtonElement>(`[data-step="${each} ${id}"]`),
    )
    buttons.find((button) => button && !button.disabled)?.focus()
  }, [order])
  return list
}

function AddPlan({
  members,
  find,
  found,
  state,
}: {
  members: readonly Member[]
  find: string
  found: readonly Found[]
  state: FormState | undefined
}) {
  const hasScripts = useHydrated()
  const free = found.filter(({ id }) => !members.some((member) => member.id === id))
  return (
    <>
      {!hasScripts && (
        <Form className="flex flex-wrap items-end gap-2">
          <Field label="Find plans" name="find" type="search" defaultValue={find} />
          <Button>Find</Button>
        </Form>
      )}
      <Form method="post" className="grid gap-3" key={members.length} preventScrollReset>
        <Combobox
          label="Plan to add"
          name="planId"
          searchPath="/setup/prices/plans"
          found={free}
          hint="By words of its name, or by SKU"
          error={state?.errors['planId']}
        />
        <Actions>
          <Button name="intent" value="add">
            Add to the group
          </Button>
        </Actions>
      </Form>
    </>
  )
}
