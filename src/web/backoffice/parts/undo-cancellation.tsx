import { Actions, PostButton } from '#web/ui/button.tsx'

/** While a cancellation is on its way and the vendor has not been asked. */
export function UndoCancellation() {
  return (
    <Actions>
      <PostButton intent="undo">Undo</PostButton>
      <span className="text-muted">The vendor has not been asked yet.</span>
    </Actions>
  )
}
