package web

import "time"

// formLife is how long a submitted form's token is remembered: a tab that is restored after a night still does no harm.
const formLife = 48 * time.Hour
