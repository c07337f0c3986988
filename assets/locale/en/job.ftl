# What the background jobs themselves say.

job-panicked = this job failed because of a mistake in the program: { $message }
    .hint = try it again; if it fails again, report it with this message
job-no-work-folder = the job's work folder cannot be made ({ $reason }): { $path }
    .hint = see that there is space and that the folder can be written
job-predecessor-failed = not begun, because job { $id } before it failed
    .hint = retry that one first
job-no-runner = this build cannot do jobs of the kind “{ $kind }”
job-no-journal = the list of jobs cannot be used ({ $reason }): { $path }
    .hint = jobs still run, but are forgotten when the program ends
job-newer-journal = the list of jobs was written by a newer version of the program: { $path }
    .hint = jobs still run, but are forgotten when the program ends; update the program to see them
job-not-entered = the job could not be entered in the list ({ $reason })
    .hint = see that the disk is not full
job-no-thread = the machine gives no further thread: { $reason }
    .hint = close other programs
job-no-space = the disk has not room enough: { $needed } needed, { $free } free: { $path }
    .hint = free some space or clear the cache, then try again
