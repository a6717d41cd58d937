import { ArrowRight } from 'lucide-react'
import { Link } from 'react-router'
import type { ProductCard } from '#web/storefront/shelf.ts'
import { useFrame } from '#web/ui/document.tsx'
import { muted } from '#web/ui/tone.ts'

/** A product without a picture gets a tile of its own: its initials on one of six quiet grounds, always the same one. */
const grounds = [
  'from-[light-dark(#dfe7ff,#1b2550)] to-[light-dark(#b9c8ff,#2b3a7d)] text-[light-dark(#22306e,#c6d2ff)]',
  'from-[light-dark(#d9f3ea,#10322a)] to-[light-dark(#a9e0cc,#1b5243)] text-[light-dark(#12483a,#b2e8d5)]',
  'from-[light-dark(#fdeacb,#3b2a0e)] to-[light-dark(#f7cf92,#61461a)] text-[light-dark(#5b3806,#f8d9a8)]',
  'from-[light-dark(#f9dfe8,#43192a)] to-[light-dark(#efb6c9,#6a2c44)] text-[light-dark(#6b1836,#f5c4d5)]',
  'from-[light-dark(#e6e0fb,#2a2354)] to-[light-dark(#c8bbf4,#43387f)] text-[light-dark(#3b2a7c,#d5ccfa)]',
  'from-[light-dark(#d7eef8,#112f40)] to-[light-dark(#a6d5ee,#1e4d67)] text-[light-dark(#103f5c,#b5def2)]',
]

function groundOf(name: string): string {
  const sum = [...name].reduce((total, letter) => (total * 31 + (letter.codePointAt(0) ?? 0)) % 9973, 7)
  return grounds[sum % grounds.length] ?? ''
}

/** `Office Home & Business 2024` is OHB over 2024, `Microsoft 365 Family` M365F. */
function initialsOf(name: string): { letters: string; year: string | undefined } {
  const words = name.split(/\s+/).filter((word) => /^[\p{L}\d]/u.test(word))
  const year = words.find((word) => /^\d{4}$/.test(word))
  const short = words.filter((word) => word !== year).slice(0, 3)
  return {
    letters: short.map((word) => (/^\d{1,3}$/.test(word) ? word : (word[0]?.toUpperCase() ?? ''))).join(''),
    year,
  }
}

type PictureSize = 'card' | 'large' | 'small'

const frames: Readonly<Record<PictureSize, string>> = {
  large: 'aspect-[2/1] rounded-xl',
  card: 'aspect-square rounded-lg sm:aspect-[5/3]',
  small: 'aspect-square rounded-lg',
}
const letterSizes: Readonly<Record<PictureSize, string>> = {
  large: 'text-5xl sm:text-6xl',
  card: 'text-2xl sm:text-4xl',
  small: 'text-base',
}

export function ProductPicture({
  name,
  picture,
  size = 'card',
}: {
  name: string
  picture: string | undefined
  size?: PictureSize
}) {
  const frame = `w-full object-cover ${frames[size]}`
  if (picture)
    return <img src={picture} alt="" className={frame} loading={size === 'large' ? 'eager' : 'lazy'} />
  const { letters, year } = initialsOf(name)
  return (
    <div aria-hidden="true" className={`grid place-items-center bg-linear-to-br ${groundOf(name)} ${frame}`}>
      <span className="grid justify-items-center gap-1">
        <span className={`leading-none font-semibold tracking-tight ${letterSizes[size]}`}>{letters}</span>
        {year && size !== 'small' && (
          <span className={`leading-none font-medium ${size === 'large' ? 'text-xl' : 'text-xs sm:text-sm'}`}>
            {year}
          </span>
        )}
      </span>
    </div>
  )
}

/** Cards of products and product groups: beside their picture on a phone, below it where there is room. The whole card is the link. */
export function ProductGrid({ products }: { products: readonly ProductCard[] }) {
  const mayBuy = useFrame()?.user?.rights.includes('buy')
  return (
    <ul className="grid gap-3 sm:grid-cols-2 sm:gap-5 lg:grid-cols-3 xl:grid-cols-4">
      {products.map((product) => (
        <li
          key={product.id}
          className="card group relative grid grid-cols-[6rem_minmax(0,1fr)] gap-3 p-3 transition-shadow hover:border-line-strong hover:shadow-pop has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-brand-text sm:grid-cols-1 sm:grid-rows-[auto_1fr]"
        >
          <ProductPicture name={product.name} picture={product.picture} />
          <div className="flex min-w-0 flex-col gap-1 sm:px-1 sm:pb-1">
            <h3 className="leading-snug font-semibold">
              <Link to={product.to} className="outline-none after:absolute after:inset-0">
                {product.name}
              </Link>
            </h3>
            {product.summary && <p className="line-clamp-2 text-sm text-muted">{product.summary}</p>}
            <div className="mt-auto flex items-end justify-between gap-x-3 pt-2">
              <p className="min-w-0 leading-tight">
                {product.isFrom && <span className="text-sm text-muted">from </span>}
                {product.price && <strong className="text-[1.0625rem] tabular-nums">{product.price}</strong>}
                <span className="block text-xs text-muted">{product.about}</span>
              </p>
              {/* What the card's own link does, said as a button. */}
              <span
                aria-hidden="true"
                className="inline-flex min-h-9 shrink-0 items-center gap-1 rounded-lg bg-brand-soft px-3 text-sm font-semibold text-brand-text group-hover:bg-brand group-hover:text-brand-ink"
              >
                {mayBuy ? 'Buy' : 'View'} <ArrowRight size={15} />
              </span>
            </div>
          </div>
        </li>
      ))}
    </ul>
  )
}
