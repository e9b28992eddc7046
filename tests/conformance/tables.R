# Reads SAS transport files and CSV tables with their codebook, as a statistician would, and writes what was read.
suppressPackageStartupMessages({library(haven); library(jsonlite)})
folders <- commandArgs(TRUE)
read_one <- function(path) {
  data <- read_xpt(path)
  labels <- vapply(data, function(one) { label <- attr(one, "label"); if (is.null(label)) "" else label }, "")
  other <- foreign::read.xport(path)
  list(
    rows = nrow(data), names = I(names(data)), labels = I(unname(labels)), title = attr(data, "label"),
    foreign = nrow(other), cells = lapply(data, function(one) I(unname(as.vector(one))))
  )
}
files <- list.files(folders[1], pattern = "[.]xpt$", full.names = TRUE)
transport <- setNames(lapply(files, read_one), sub("[.]xpt$", "", basename(files)))
utf8 <- function(path) read.csv(path, fileEncoding = "UTF-8-BOM", colClasses = "character", na.strings = "", check.names = FALSE)
book <- utf8(file.path(folders[2], "codebook.csv"))
tables <- unique(book$table)
faults <- character()
figures <- 0
for (name in tables) {
  data <- utf8(file.path(folders[2], paste0(name, ".csv")))
  known <- book[book$table == name, ]
  if (!identical(names(data), unique(known$variable))) faults <- c(faults, paste(name, "has other columns than its codebook"))
  for (variable in names(data)) {
    values <- data[[variable]][!is.na(data[[variable]])]
    about <- known[known$variable == variable, ]
    figures <- figures + length(values)
    if (about$type[1] %in% c("integer", "float") && any(is.na(suppressWarnings(as.numeric(values)))))
      faults <- c(faults, paste(name, variable, "holds text where the codebook says number"))
    codes <- about$code[!is.na(about$code)]
    if (length(codes) && !all(values %in% codes))
      faults <- c(faults, paste(name, variable, "holds a code the codebook lacks"))
  }
}
version <- paste0("R ", getRversion(), ", haven ", packageVersion("haven"), ", foreign ", packageVersion("foreign"))
answer <- list(version = version, transport = transport, tables = length(tables), values = figures, faults = I(faults))
write(toJSON(answer, digits = I(17), na = "null", auto_unbox = TRUE), folders[3])
