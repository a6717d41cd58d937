// What the frame around every page shows of the seller.
import { type Database, reading, sellerScope, type Tx } from '#platform/db.ts'

export type SellerFace = { readonly name: string; readonly brand: string; readonly timeZone: string }

/** The seller's name, colour and time zone; an installation that has entered no company yet is called by ours. */
export async function viewSellerFace(db: Database | Tx): Promise<SellerFace> {
  const face = await reading(
    db,
    sellerScope,
    (sql) =>
      sql.maybe<SellerFace>`select name, brand_color as brand, time_zone from legal_entity where is_default`,
  )
  return face ?? { name: 'Emporion', brand: '#2451c7', timeZone: 'UTC' }
}
