// The front door: what a buyer is told of something that failed.

export { type Failure, isTold, neutral, toldFailure, toldReason, UNTOLD } from './told-reason.ts'
