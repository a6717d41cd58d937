// What a process started by start.ts owes its parent: to say when it is up, to stop when asked, and to go when the
// parent is gone.

/** Tells the parent we are up; says nothing when started by hand. */
export function reportReady(message: { readonly url?: string } = {}): void {
  process.send?.({ ready: true, ...message })
}

/** Runs `stop` once, on SIGTERM or SIGINT, or when the parent went away; then ends the process. */
export function stopWhenAsked(stop: () => Promise<void>): void {
  let isStopping = false
  const end = (code: number) => {
    if (isStopping) return
    isStopping = true
    stop().then(
      () => process.exit(code),
      (error: unknown) => {
        console.error(error)
        process.exit(1)
      },
    )
  }
  process.once('SIGTERM', () => end(0))
  process.once('SIGINT', () => end(0))
  // The database goes with the parent: nothing can be finished any more, and the port is wanted by the next start.
  if (process.channel) process.once('disconnect', () => process.exit(1))
}
