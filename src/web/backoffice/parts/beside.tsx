import type { ReactNode } from 'react'

/** A form, and beside it what follows from it while it is typed; below it where there is little room. */
export function Beside({ aside, children }: { aside: ReactNode; children: ReactNode }) {
  return (
    <div className="grid items-start gap-5 xl:grid-cols-[minmax(0,1fr)_26rem]">
      <div className="grid min-w-0 gap-5">{children}</div>
      <div className="grid min-w-0 gap-5">{aside}</div>
    </div>
  )
}
