# Reads random data sets, writes what R says of them: survival, cumulative incidence, exact intervals.
suppressPackageStartupMessages({library(survival); library(jsonlite)})
folder <- commandArgs(TRUE)[1]
sets <- fromJSON(file.path(folder, "sets.json"), simplifyVector = FALSE)
said <- suppressWarnings(lapply(sets, function(one) {
  time <- unlist(one$time); status <- unlist(one$status)
  km <- survfit(Surv(time, status > 0) ~ 1, conf.type = "log-log")
  aj <- survfit(Surv(time, factor(status, 0:2)) ~ 1, conf.type = "log-log")
  list(
    time = I(km$time), risk = I(km$n.risk), event = I(km$n.event), survival = I(km$surv),
    low = I(km$lower), high = I(km$upper), median = unname(quantile(km, 0.5)$quantile),
    incidence = aj$pstate, error = aj$std.err, below = aj$lower, above = aj$upper
  )
}))
exact <- do.call(rbind, lapply(1:60, function(n) t(sapply(0:n, function(k) c(k, n, binom.test(k, n)$conf.int)))))
version <- paste0("R ", getRversion(), ", survival ", packageVersion("survival"))
answer <- list(version = version, sets = said, exact = exact)
write(toJSON(answer, digits = I(17), na = "null", auto_unbox = TRUE), file.path(folder, "said.json"))
