/**
 * How a waypoint knows that it has everything once a first snapshot comes in several responses: the server writes "part"
 * into system_version_info of each response of a type but the last of its first ones, and "complete" into all others.
 * The field is for people in Envoy's protocol ("no semantic meaning"), so other peers are not disturbed, and a server
 * that writes something else is taken to be complete at its first response.
 */
export const partMark = "part";
export const completeMark = "complete";
