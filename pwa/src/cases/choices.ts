import type { NoPhotoReason, OffSiteReason, Outcome } from '../api/types'

/** In the order in which they are needed in the street. */
export const OUTCOMES: Outcome[] = ['fixed', 'already_gone', 'persuaded', 'interim', 'not_found', 'handed_to_owner']
export const OFF_SITE_REASONS: OffSiteReason[] = ['coordinates_wrong', 'handled_nearby', 'weak_signal', 'other']
export const NO_PHOTO_REASONS: NoPhotoReason[] = ['camera_broken', 'not_taken_before', 'not_allowed', 'unsafe', 'other']
