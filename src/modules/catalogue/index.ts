// The front door: products, plans, what they cost and sell for, and the runs that keep them up to date.

export {
  findOpenCatalogueRun,
  insertCatalogueChanges,
  insertCatalogueRun,
  lockCatalogueRun,
  saveCatalogueRun,
  saveProgress,
} from './catalogue-run.store.ts'
export {
  beginRun,
  type CatalogueChange,
  type CatalogueRun,
  type CatalogueRunId,
  type CatalogueRunState,
  compareCatalogue,
  completeRun,
  type Differences,
  failRun,
  queueRun,
  type VendorEntry,
} from './catalogue-run.ts'
export { isPlanOrderable, isPlanPublished } from './for-sale.store.ts'
export { type NotForSale, type Offer, whyNotAvailable, whyNotForSale } from './for-sale.ts'
export { MAX_PICTURE_BYTES, type Picture, readPicture } from './picture.ts'
export { type PlanPrice, type PriceInput, setPrice } from './plan-price.ts'
export {
  deletePlanPrice,
  findPicture,
  findPlanBySku,
  insertPlans,
  insertProducts,
  listOffers,
  listPlanPrices,
  listPlansById,
  listPlansOfInstance,
  listPlansOfProduct,
  listProductsByCode,
  loadPlan,
  loadProduct,
  lockProduct,
  savePicture,
  savePlanPrice,
  savePlans,
  saveProduct,
} from './product.store.ts'
export {
  assertSellable,
  type FulfilmentType,
  newProduct,
  type Plan,
  type Product,
  type ProductKind,
  publish,
  publishSoftware,
  reword,
  type SheetPlan,
  type Wording,
  withdraw,
} from './product.ts'
export {
  deleteGroupText,
  deleteProductGroup,
  findGroupPicture,
  insertProductGroup,
  listGroupMembers,
  listGroupTexts,
  listUnknownGroups,
  loadProductGroup,
  lockProductGroup,
  saveGroupMembers,
  saveGroupPicture,
  saveGroupText,
  saveProductGroup,
} from './product-group.store.ts'
export {
  assertGroupSellable,
  type GroupWording,
  type MemberStep,
  newProductGroup,
  type ProductGroup,
  publishGroup,
  readMembers,
  rewordGroup,
  stepMembers,
  withdrawGroup,
} from './product-group.ts'
export { deleteProductText, listProductTexts, saveProductText } from './product-text.store.ts'
export { type ProductText, readProductText } from './product-text.ts'
export { applySheetsInForce, listSheetPrices, savePlanDecisions } from './software-plan.store.ts'
