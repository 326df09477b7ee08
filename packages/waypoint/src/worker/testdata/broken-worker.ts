/** A worker that cannot start. */
throw new Error("the module is broken");
